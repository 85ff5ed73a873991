import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** Lines that it has written so far. */
  lines: string[];
  /** Resolves when it has written that many lines; rejects when it ended before. */
  written(count: number): Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

/** A program of `children/` in a process of its own. */
export function startChild(name: string, ...args: string[]): Child {
  const file = fileURLToPath(new URL(`./children/${name}`, import.meta.url));
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  const exited = once(child, 'exit');
  const drained = once(reader, 'close');
  return {
    lines,
    async written(count) {
      while (lines.length < count) {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
        await Promise.race([once(reader, 'line'), exited]);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await Promise.all([exited, drained]);
    },
  };
}

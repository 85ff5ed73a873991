import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DatabaseConnection } from '#infra/postgres/connection-options.ts';

const PROGRAM = fileURLToPath(new URL('./hold-a-database.ts', import.meta.url));

export interface Holder {
  process: ChildProcessWithoutNullStreams;
  /** What it said once it had the database. */
  opened: Promise<{ adopted: boolean; connection: DatabaseConnection }>;
  /** Lets it release the database; resolves when the process has ended. */
  leave(): Promise<void>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Another process that has the embedded database of `dataDir` open. */
export function startHolder(dataDir: string): Holder {
  const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: 'pipe' });
  const exited = once(child, 'exit');
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(String(line)));
  const ended = exited.then(([code]) => {
    throw new Error(`The other process ended (${String(code)}) before it had the database. ${complaint}`);
  });
  const opened = Promise.race([firstLine, ended]);
  // Nobody listens any more when a test kills the process early.
  opened.catch(() => {});
  ended.catch(() => {});
  return {
    process: child,
    opened,
    async leave() {
      child.stdin.end();
      await exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

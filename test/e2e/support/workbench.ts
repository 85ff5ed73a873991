import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '#test/support/temp-folder.ts';

/** The project itself: what a person has cloned. */
export const PROJECT_ROOT = path.resolve(import.meta.dirname, '../../..');

/** How one call of the command line ended. */
export interface Ran {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Standard output as the one JSON document that `--json` promises. Throws when it is anything else. */
  document(): unknown;
}

export interface RunOptions {
  /** Where the person stands. */
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** A workbench with data of its own, worked only through `npm run -s workbench`, as a person would. */
export interface TestWorkbench {
  dataDir: string;
  /** A folder for the test's own files, readable by every user. */
  folder: string;
  /** Runs a command to its end. `--json` is added. */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Starts a command in a process group of its own. */
  start(words: readonly string[], options?: RunOptions): Started;
  remove(): Promise<void>;
}

export interface Started {
  npm: ChildProcess;
  ended: Promise<Ran>;
}

export async function createTestWorkbench(): Promise<TestWorkbench> {
  const folder = await createTempFolder();
  const dataDir = path.join(folder.path, 'data');
  const start = (words: readonly string[], { cwd = folder.path, env = {} }: RunOptions = {}): Started => {
    const npm = spawn('npm', ['--prefix', PROJECT_ROOT, 'run', '-s', 'workbench', '--', ...words, '--json'], {
      cwd,
      env: { ...personEnvironment(), WORKBENCH_DATA: dataDir, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { npm, ended: ending(npm) };
  };
  return {
    dataDir,
    folder: folder.path,
    start,
    run: (words, options) => start(words, options).ended,
    async remove() {
      // A server that is on its last breath may still write.
      await rm(folder.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function ending(child: ChildProcess): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({
        exitCode,
        stdout,
        stderr,
        document() {
          try {
            return JSON.parse(stdout);
          } catch {
            throw new Error(
              `standard output is not one JSON document (exit ${exitCode}): ${stdout.slice(0, 2000)}\n${stderr.slice(-4000)}`,
            );
          }
        },
      });
    });
  });
}

/** The environment of somebody at a shell: nothing that npm, vitest or this machine's settings added. */
function personEnvironment(): Record<string, string> {
  const folders = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !/node_modules\/\.bin$|node-gyp-bin$/.test(folder));
  const kept = ['HOME', 'LANG', 'TMPDIR', 'USER'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), PATH: folders.join(':'), LOG_LEVEL: 'warn' };
}

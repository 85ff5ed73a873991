import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What runs on this machine, read from /proc. */
export interface RunningProcess {
  pid: number;
  parent: number;
  command: string;
}

function runningProcesses(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // The name in brackets may hold spaces and brackets of its own.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
}

/** The workbench's own process below an npm, or null while npm has not started it. */
export function workbenchBelow(npmPid: number): number | null {
  const processes = runningProcesses();
  const below = (pid: number): RunningProcess[] =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(npmPid).find(({ command }) => / src\/main\.ts /.test(`${command} `))?.pid ?? null;
}

/** Processes whose words or working folder lie under `folder`, without those that `except` matches. */
export function processesUnder(folder: string, except: RegExp): RunningProcess[] {
  return runningProcesses().filter(({ pid, command }) => {
    if (except.test(command)) return false;
    if (command.includes(folder)) return true;
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** Whether it still runs. One that has ended, and that its parent has not asked after yet, does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^ [ZX] /.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

/** The first process of the embedded PostgreSQL of this data folder, or null. */
export function postmasterOf(dataDir: string): number | null {
  try {
    return Number(readFileSync(`${dataDir}/postgres/cluster/postmaster.pid`, 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

/** kill -9. False when it had ended by itself. */
export function kill9(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

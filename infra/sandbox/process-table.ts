import { readdirSync, readFileSync, statSync } from 'node:fs';

/** One process as Linux's `/proc/PID/stat` tells it. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  /** Clock ticks since boot at which it started; together with the pid it names one process for good. */
  startTicks: string;
  residentBytes: number;
}

/** Every process that can be seen; empty where there is no `/proc` (macOS). */
export function readProcessTable(): Map<number, ProcessEntry> {
  const table = new Map<number, ProcessEntry>();
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return table;
  }
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const entry = readProcess(pid);
    if (entry !== null) table.set(pid, entry);
  }
  return table;
}

export function readProcess(pid: number): ProcessEntry | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, startTicks, pages] = [fields[0], fields[1], fields[19], fields[21]];
  if (parent === undefined || startTicks === undefined || pages === undefined) return null;
  // A zombie has ended and holds nothing; whoever waits for it reaps it.
  if (state === 'Z' || state === 'X') return null;
  return { pid, parent: Number(parent), startTicks, residentBytes: Number(pages) * pageBytes() };
}

/** Processes and their threads that run as `uid`: what the kernel counts against `RLIMIT_NPROC`. */
export function countThreadsOf(uid: number): number {
  let count = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (statSync(`/proc/${name}`).uid !== uid) continue;
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      count += Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[17] ?? 1);
    } catch {
      // It ended between the list and the look.
    }
  }
  return count;
}

/** `root` and everything below it. */
export function treeOf(table: Map<number, ProcessEntry>, root: number): ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table.values()) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  const start = table.get(root);
  const found: ProcessEntry[] = start === undefined ? [] : [start];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      open.push(child.pid);
    }
  }
  return found;
}

/** True while that very process runs (and not another one that was given its number). */
export function isRunning(process: { pid: number; startTicks: string }): boolean {
  return readProcess(process.pid)?.startTicks === process.startTicks;
}

/** SIGKILL, if that very process still runs. */
export function killProcess(target: { pid: number; startTicks: string }): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}

let knownPageBytes = 0;

/** 4 KiB on x64, up to 64 KiB on arm64: the kernel tells this process's size both in pages and in kB. */
function pageBytes(): number {
  if (knownPageBytes === 0) {
    const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[0]);
    const kB = Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
    const exact = (kB * 1024) / pages;
    knownPageBytes = [4096, 16384, 65536].reduce((best, size) =>
      Math.abs(size - exact) < Math.abs(best - exact) ? size : best,
    );
  }
  return knownPageBytes;
}

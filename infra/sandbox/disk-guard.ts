import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';

/** Below this much free disk a command is ended whatever it did itself: the factory's own store needs room too. */
const RESERVE_BYTES = 512 * 1024 * 1024;
/** The folder is walked only after the disk's free space or inodes fell by this much since the last walk. */
const WALK_AFTER_BYTES = 64 * 1024 * 1024;
const WALK_AFTER_ENTRIES = 20_000;

export interface DiskGuard {
  /** A sentence on why the command has to end, or null while all is well. Cheap when nothing grew. */
  check(): Promise<string | null>;
}

/** Watches one folder on the disk; `RLIMIT_FSIZE` bounds one file only, not a million of them. */
export function createDiskGuard(folder: string, limits: { maxBytes: number; maxEntries: number }): DiskGuard {
  let first: { bytes: number; entries: number } | null = null;
  let atLastWalk: { bytes: number; entries: number } | null = null;

  return {
    async check() {
      const free = await freeSpace(folder);
      if (first === null || atLastWalk === null) {
        first = free;
        atLastWalk = free;
      }
      if (free.bytes < RESERVE_BYTES && free.bytes < first.bytes) {
        return `The disk has less than ${RESERVE_BYTES / 1024 / 1024} MiB left, so the command was stopped.`;
      }
      const grewBytes = Math.max(0, atLastWalk.bytes - free.bytes);
      const grewEntries = Math.max(0, atLastWalk.entries - free.entries);
      const nothingGrew = grewBytes < Math.min(WALK_AFTER_BYTES, limits.maxBytes / 4);
      if (nothingGrew && grewEntries < Math.min(WALK_AFTER_ENTRIES, limits.maxEntries / 4)) return null;
      atLastWalk = free;
      const used = await usage(folder);
      // A folder that we may not look into hides its size; then what the whole disk lost stands for it.
      const bytes = used?.bytes ?? first.bytes - free.bytes;
      const entries = used?.entries ?? first.entries - free.entries;
      if (bytes > limits.maxBytes) {
        return `The workspace grew past ${Math.round(limits.maxBytes / 1024 / 1024)} MiB, so the command was stopped.`;
      }
      if (entries > limits.maxEntries) {
        return `The workspace grew past ${limits.maxEntries} files, so the command was stopped.`;
      }
      return null;
    },
  };
}

async function freeSpace(folder: string): Promise<{ bytes: number; entries: number }> {
  const facts = await statfs(folder);
  return { bytes: facts.bavail * facts.bsize, entries: facts.ffree };
}

/** `du` never follows a link and copes with trees deeper than a path may be long. Null when it was refused a folder. */
async function usage(folder: string): Promise<{ bytes: number; entries: number } | null> {
  const [kB, entries] = await Promise.all([du(['-skx', folder]), du(['-sx', '--inodes', folder])]);
  return kB === null || entries === null ? null : { bytes: kB * 1024, entries };
}

function du(args: string[]): Promise<number | null> {
  return new Promise((resolve) => {
    execFile('du', args, { timeout: 30_000, maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      // Files that vanish under the walk are no reason to distrust it; a folder that stays shut is.
      if (error !== null && !/No such file/.test(stderr)) return resolve(null);
      if (/Permission denied/.test(stderr)) return resolve(null);
      const figure = Number.parseInt(stdout, 10);
      resolve(Number.isFinite(figure) ? figure : null);
    });
  });
}

import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Also with the ending that one has while it is written. */
const NAME = /^(\d+)-[0-9a-f-]{36}\.bundle(?:\.[0-9a-f-]{36})?$/;

/** A free name for a bundle on its way in or out of a sandbox. It says whose it is, so that a killed process's can be told. */
export function newBundleFile(folder: string): string {
  return path.join(folder, `${process.pid}-${randomUUID()}.bundle`);
}

/** Removes the bundles that killed processes left behind; those of running ones, and other files, stay. */
export async function sweepBundles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(path.join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

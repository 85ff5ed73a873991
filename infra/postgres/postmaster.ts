import { readFileSync, statSync } from 'node:fs';
import { link, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** The process id in `postmaster.pid`, or undefined when there is no server, or none that ended tidily. */
export async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  try {
    return parsePid(await readFile(pidFile(cluster), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether `record`, a server's own postmaster.pid, is the one that lies in `cluster`: same process, same start. */
export async function isRecordOf(record: string, cluster: string): Promise<boolean> {
  const onDisk = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  // Process id, data folder, start time; the lines after them change while the server runs.
  return onDisk.split('\n').slice(0, 3).join('\n') === record.split('\n').slice(0, 3).join('\n');
}

/** The first line of `postmaster.pid`. */
export function parsePid(text: string): number | undefined {
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/**
 * Whether that process is this cluster's server. `unknown` where the system does not tell (it is then treated as
 * the server: two servers on one folder would destroy it).
 */
export function postmasterState(pid: number, cluster: string): 'server' | 'gone' | 'other-process' | 'unknown' {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  try {
    // A process that its parent has not collected still answers to signals. The state follows the last ")".
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (status.slice(status.lastIndexOf(')') + 2).startsWith('Z')) return 'gone';
    // A server works inside its data folder, wherever that has been moved to.
    const workingFolder = statSync(`/proc/${pid}/cwd`);
    const ours = statSync(cluster);
    return workingFolder.dev === ours.dev && workingFolder.ino === ours.ino ? 'server' : 'other-process';
  } catch {
    return 'unknown';
  }
}

/**
 * After a machine or container restart the recorded number may belong to some unrelated process, and PostgreSQL then
 * refuses to start. Removes the record only in that case, and only while it still names `pid`.
 */
export async function removeForeignRecord(cluster: string, pid: number): Promise<void> {
  const aside = `${pidFile(cluster)}.${process.pid}`;
  try {
    await rename(pidFile(cluster), aside);
    // Another process may have started the server since we looked: its record goes back.
    if (parsePid(await readFile(aside, 'utf8')) !== pid) await link(aside, pidFile(cluster));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function pidFile(cluster: string): string {
  return path.join(cluster, 'postmaster.pid');
}

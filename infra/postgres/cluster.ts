import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessIds } from '#infra/reachable/unprivileged.ts';
import type { PostgresBinaries } from './binaries.ts';
import { explainServerFailure, otherVersion } from './server-failure.ts';

/** The role that owns the cluster. Only this adapter uses it; the application never connects with it. */
export const SERVER_ROLE = 'postgres';

/** The programs get nothing of our environment: a stray PGDATA or LD_LIBRARY_PATH would change what they do. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const HALF_MADE = /^cluster\.new-(\d+)-/;

/**
 * Makes sure that `dataDir/cluster` is a PostgreSQL cluster of the right version and returns its path.
 * It is made beside and renamed, so that an interrupted making leaves nothing that looks whole.
 * Throws FactoryError `database-version`, `disk-full` and their kin, or the file system's own error.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  ids: ProcessIds | undefined,
): Promise<string> {
  const cluster = path.join(dataDir, 'cluster');
  const found = await readVersion(cluster);
  if (found === undefined) await makeCluster(dataDir, cluster, binaries, ids);
  else if (found !== binaries.majorVersion) throw otherVersion(dataDir, `PostgreSQL ${found}`);
  await removeHalfMade(dataDir);
  return cluster;
}

async function readVersion(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(path.join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeCluster(
  dataDir: string,
  cluster: string,
  binaries: PostgresBinaries,
  ids: ProcessIds | undefined,
): Promise<void> {
  const fresh = path.join(dataDir, `cluster.new-${process.pid}-${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(fresh, { mode: 0o700 });
    if (ids !== undefined) await chown(fresh, ids.uid, ids.gid);
    const { exitCode, output } = await run(binaries.initdb, initdbArguments(fresh), ids);
    if (exitCode !== 0) throw explainServerFailure(output, dataDir);
    await rename(fresh, cluster);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    // Another process made it in the meantime; ours was as empty as theirs.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
    throw error;
  }
}

function initdbArguments(folder: string): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${SERVER_ROLE}`,
    '--encoding=UTF8',
    // The built-in provider sorts the same on every machine, whatever locales are installed there.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // The folder of the socket is closed to everybody else, and there is no other way in.
    '--auth-local=trust',
    '--auth-host=reject',
    '--no-instructions',
  ];
}

async function run(
  program: string,
  args: string[],
  ids: ProcessIds | undefined,
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // The working folder may be closed to the other user, so it is one that is open to all.
    const child = spawn(program, args, {
      ...ids,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

/** Removes what makers who died left behind. */
async function removeHalfMade(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = HALF_MADE.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(path.join(dataDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

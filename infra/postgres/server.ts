import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ProcessIds } from '#infra/reachable/unprivileged.ts';
import { FactoryError } from '#src/errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import { SERVER_ENVIRONMENT } from './cluster.ts';
import { enter } from './membership.ts';
import { isRecordOf, parsePid, postmasterState, readPostmasterPid, removeForeignRecord } from './postmaster.ts';
import { explainServerFailure, isPassingFailure } from './server-failure.ts';
import { ensureSocketFolder, SOCKET_PORT } from './socket-folder.ts';

export interface ServerPlace {
  /** The folder that holds cluster, log and socket record. */
  dataDir: string;
  cluster: string;
  binaries: PostgresBinaries;
  ids: ProcessIds | undefined;
}

export interface Joined {
  client: pg.Client;
  socketFolder: string;
  /** False when this call started the server. */
  adopted: boolean;
}

/** Between two looks at a server that is coming or going. */
const LOOK_AGAIN_MS = 20;

/** Recovery after a crash replays at most `max_wal_size`; on a slow disk that is well under this. */
const START_LIMIT_MS = 120_000;

/** A fast shutdown writes at most `shared_buffers` and then ends. */
const STOP_LIMIT_MS = 60_000;

const LOG_ROTATE_BYTES = 5_000_000;

/** Small and quiet: one machine, one team, mostly idle. fsync and full_page_writes stay at their safe defaults. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(SOCKET_PORT),
  unix_socket_permissions: '0700',
  shared_buffers: '32MB',
  max_connections: '60',
  max_wal_size: '256MB',
  jit: 'off',
  // The default keeps three processes waiting for reads that a store of this size never asks for.
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * Joins the server of this place, starting it when there is none. Safe to call from several processes at once:
 * PostgreSQL's own lock file lets one of them start it, and the others join that one.
 * Throws FactoryError `database-not-starting`, `disk-full`, `database-busy` and their kin.
 */
export async function joinServer(place: ServerPlace): Promise<Joined> {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  let child: StartedChild | undefined;
  let lastReason = 'it did not answer';
  let foreignSocketFolder: string | undefined;
  while (performance.now() < giveUpAt) {
    const socketFolder = await ensureSocketFolder(place.dataDir, place.ids, foreignSocketFolder);
    const entry = await enter(socketFolder);
    if (entry.state === 'member') {
      if (await isRecordOf(entry.record, place.cluster)) {
        return { client: entry.client, socketFolder, adopted: parsePid(entry.record) !== child?.pid };
      }
      // The data folder that was here before has been moved away with its server still running.
      await entry.client.end();
      foreignSocketFolder = socketFolder;
      continue;
    }
    if (entry.state === 'refused') {
      // At once, not in order: a server whose helper processes fail over and over can miss the orderly request and stay
      // for ever. What was committed is in its log of writes, and nobody else was let in.
      if (child?.pid !== undefined && child.failure() === undefined) process.kill(child.pid, 'SIGQUIT');
      throw explainServerFailure(entry.reason, place.dataDir);
    }
    if (entry.state === 'not-ready') lastReason = entry.reason;
    if (child?.failure() !== undefined) {
      const said = child.failure() ?? '';
      if (!isPassingFailure(said)) throw explainServerFailure(said, place.dataDir);
      lastReason = said.trim();
      child = undefined;
      await clearForeignRecord(place.cluster);
      // A killed server's children hold its memory for a second or two after it.
      await sleep(5 * LOOK_AGAIN_MS);
    } else if (entry.state === 'absent' && child === undefined) {
      child = startServer(place, socketFolder);
    }
    await sleep(LOOK_AGAIN_MS);
  }
  const pid = await readPostmasterPid(place.cluster);
  throw new FactoryError('database-busy', `The database in ${place.dataDir} does not let anybody in: ${lastReason}.`, {
    fix:
      pid === undefined
        ? `Read ${place.dataDir}/postgres.log for the reason.`
        : `Stop the process ${pid} (kill -INT ${pid}) and start again; nothing that was saved is lost.`,
    retryable: true,
  });
}

async function clearForeignRecord(cluster: string): Promise<void> {
  const pid = await readPostmasterPid(cluster);
  if (pid !== undefined && postmasterState(pid, cluster) === 'other-process') await removeForeignRecord(cluster, pid);
}

interface StartedChild {
  pid: number | undefined;
  /** What the server said when it ended by itself; undefined while it runs. */
  failure(): string | undefined;
}

function startServer(place: ServerPlace, socketFolder: string): StartedChild {
  const logFile = path.join(place.dataDir, 'postgres.log');
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o640);
  const begin = fstatSync(log).size;
  const args = ['-D', place.cluster];
  const mark = createMark();
  const settings = { ...SETTINGS, unix_socket_directories: socketFolder, log_line_prefix: `%m [%p] ${mark} ` };
  for (const [name, value] of Object.entries(settings)) {
    args.push('-c', `${name}=${value}`);
  }
  let child: ChildProcess;
  try {
    // Detached and logging to a file: Ctrl-C reaches the whole foreground group, and the application still needs the
    // database while it drains.
    child = spawn(place.binaries.postgres, args, {
      ...place.ids,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
  let said: string | undefined;
  child.on('error', (error) => (said = error.message));
  child.on('exit', (code, signal) => {
    said ??= ownLines(readFrom(logFile, begin), mark) || `the server ended at once (${signal ?? `exit ${code}`})`;
  });
  child.unref();
  return { pid: child.pid, failure: () => said };
}

/** Marks the lines of one start in the log, which two processes that start at once share. */
function createMark(): string {
  startsSoFar += 1;
  return `start-${process.pid}-${startsSoFar}`;
}

let startsSoFar = 0;

/** Leaves out the lines of another server; a program that fails very early writes lines without any mark. */
function ownLines(text: string, mark: string): string {
  return text
    .split('\n')
    .filter((line) => {
      const found = /\[\d+\] (start-\d+-\d+) /.exec(line)?.[1];
      return found === undefined || found === mark;
    })
    .join('\n')
    .trim();
}

/** Nothing, when the file is gone with its folder: a listener that throws would end the process. */
function readFrom(file: string, begin: number): string {
  if (!existsSync(file)) return '';
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(64_000, Math.max(0, fstatSync(handle).size - begin)));
    const bytes = readSync(handle, buffer, 0, buffer.length, begin);
    return buffer.toString('utf8', 0, bytes);
  } finally {
    closeSync(handle);
  }
}

function rotate(logFile: string): void {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_ROTATE_BYTES) renameSync(logFile, `${logFile}.1`);
}

/**
 * Stops the server that `client` is connected to (fast shutdown: what was committed is kept) and waits until it is
 * down. False when it is still going down after a minute.
 */
export async function stopServer(client: pg.Client, cluster: string): Promise<boolean> {
  // Asked of the server itself: a file on disk might name a later or a foreign process.
  const { rows } = await client.query<{ record: string }>(`SELECT pg_read_file('postmaster.pid') AS record`);
  const pid = parsePid(rows[0]?.record ?? '');
  if (pid === undefined) return false;
  process.kill(pid, 'SIGINT');
  const giveUpAt = performance.now() + STOP_LIMIT_MS;
  while (performance.now() < giveUpAt) {
    if ((await readPostmasterPid(cluster)) !== pid || postmasterState(pid, cluster) === 'gone') return true;
    await sleep(LOOK_AGAIN_MS);
  }
  return false;
}

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxLimits, SandboxResult } from '#src/ports/sandbox.ts';
import type { DiskGuard } from './disk-guard.ts';
import { coverInherited } from './inherited-files.ts';
import { createOutputKeeper } from './output-keeper.ts';
import { isRunning, killProcess, type ProcessEntry, readProcess, readProcessTable, treeOf } from './process-table.ts';

/** How often the tree's memory is summed. Between two looks the kernel's per-process limits hold. */
const MEMORY_LOOK_MS = 50;
const DISK_LOOK_MS = 500;
/** How long after the end to wait for pipes and processes that ought to be gone already. */
const AFTERMATH_MS = 5_000;

export interface BoundedProgram {
  file: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  runAs: { uid: number; gid: number } | null;
  limits: SandboxLimits;
  signal: AbortSignal | undefined;
  disk: DiskGuard;
  /** Open file numbers that the program gets as 4, 5, …; file number 3 is its status pipe. */
  passFiles: readonly number[];
  /** Ends the command when the tree holds more processes than `limits.processes` (where the kernel does not). */
  countProcesses: boolean;
  /** Told of the started process; what it resolves to is called when the process is gone. */
  onStarted(process: ProcessEntry): Promise<() => Promise<void>>;
}

export interface BoundedEnd extends SandboxResult {
  /** What the program wrote to file number 3. */
  status: string;
  /** Set when the program could not be started at all. */
  spawnError: NodeJS.ErrnoException | null;
}

/** Runs one program with its whole tree of children under limits. Rejects never; a failure is in the result. */
export async function runBounded(program: BoundedProgram): Promise<BoundedEnd> {
  const startedAt = performance.now();
  const output = createOutputKeeper(program.limits.outputBytes);
  let status = '';
  const notes: string[] = [];
  let endedBy: SandboxResult['endedBy'] = null;
  const known = new Map<number, ProcessEntry>();

  const ended = (code: number | null, spawnError: NodeJS.ErrnoException | null): BoundedEnd => ({
    exitCode: endedBy === null ? code : null,
    endedBy,
    stdout: output.text('stdout'),
    stderr: [output.text('stderr'), ...notes].filter((part) => part !== '').join('\n'),
    droppedOutputBytes: output.droppedBytes(),
    durationMs: Math.round(performance.now() - startedAt),
    status,
    spawnError,
  });

  if (program.signal?.aborted === true) {
    endedBy = 'stopped';
    return ended(null, null);
  }

  const devNull = openSync('/dev/null', 'r+');
  const child = spawn(program.file, [...program.args], {
    cwd: program.cwd,
    env: { ...program.env },
    // A group of its own: Ctrl-C in the terminal of the factory must not reach it before the factory decides.
    detached: true,
    stdio: coverInherited(['ignore', 'pipe', 'pipe', 'pipe', ...program.passFiles], devNull),
    ...(program.runAs === null ? {} : program.runAs),
  });
  closeSync(devNull);
  const spawnError = new Promise<NodeJS.ErrnoException>((resolve) => child.once('error', resolve));
  const pid = child.pid;
  if (pid === undefined) return ended(null, await spawnError);
  const root = readProcess(pid);
  if (root !== null) known.set(pid, root);
  const noted = root === null ? null : program.onStarted(root);
  child.stdout?.on('data', (chunk: Buffer) => output.add('stdout', chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.add('stderr', chunk));
  const statusPipe = child.stdio[3];
  if (statusPipe && 'setEncoding' in statusPipe) {
    statusPipe.on('data', (chunk: Buffer) => {
      if (status.length < 4096) status += chunk.toString('utf8');
    });
  }

  const look = (): ProcessEntry[] => {
    const table = readProcessTable();
    // A process that left the tree (its parent ended first) stays ours as long as it runs.
    for (const entry of known.values())
      if (table.get(entry.pid)?.startTicks !== entry.startTicks) known.delete(entry.pid);
    for (const from of [pid, ...known.keys()]) for (const entry of treeOf(table, from)) known.set(entry.pid, entry);
    return [...known.values()];
  };
  const killAll = (): void => {
    // The group first: it ends all its members at one stroke, while what forks on is still being listed.
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group has already ended.
    }
    for (const entry of look()) killProcess(entry);
  };
  const end = (reason: NonNullable<SandboxResult['endedBy']>, note: string): void => {
    if (endedBy !== null) return;
    endedBy = reason;
    notes.push(note);
    killAll();
  };

  const timers = [
    setTimeout(
      () => end('wall-time', `Stopped: it ran longer than ${program.limits.wallSeconds} seconds.`),
      program.limits.wallSeconds * 1000,
    ),
    setInterval(() => {
      const tree = look();
      const bytes = tree.reduce((sum, entry) => sum + entry.residentBytes, 0);
      if (bytes > program.limits.memoryBytes) {
        end('memory', `Stopped: its processes held more than ${mebibytes(program.limits.memoryBytes)} of memory.`);
      } else if (program.countProcesses && tree.length > program.limits.processes) {
        end('processes', `Stopped: it had more than ${program.limits.processes} processes.`);
      }
    }, MEMORY_LOOK_MS),
    watchDisk(program.disk, (reason) => end('disk', reason)),
  ];
  const onAbort = (): void => end('stopped', 'Stopped on request.');
  program.signal?.addEventListener('abort', onAbort, { once: true });

  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { code, signal } = await exit;
  for (const timer of timers) clearInterval(timer);
  program.signal?.removeEventListener('abort', onAbort);
  if (endedBy === null && signal !== null) {
    endedBy = 'signal';
    notes.push(`Ended from outside by ${signal}.`);
  }
  killAll();
  // Something that slipped out of the tree may hold the pipes open for ever.
  await Promise.race([closed, sleep(AFTERMATH_MS, undefined, { ref: false })]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  for (let waitedMs = 0; waitedMs < AFTERMATH_MS && [...known.values()].some(isRunning); waitedMs += 10) {
    await sleep(10);
    killAll();
  }
  await (await noted)?.();
  return ended(code, null);
}

function watchDisk(disk: DiskGuard, onFull: (reason: string) => void): NodeJS.Timeout {
  let busy = false;
  return setInterval(() => {
    if (busy) return;
    busy = true;
    disk.check().then(
      (reason) => {
        busy = false;
        if (reason !== null) onFull(reason);
      },
      () => {
        // The folder went away under the look: its owner is disposing of it and ends the command itself.
        busy = false;
      },
    );
  }, DISK_LOOK_MS);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

import { execFile } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Sandbox, SandboxCommand, SandboxProbe, SandboxResult, SandboxWorkspace } from '#src/ports/sandbox.ts';
import { bwrapArguments, INSIDE_ETC } from './bwrap-arguments.ts';
import { checkCommand } from './checked-command.ts';
import { createDiskGuard } from './disk-guard.ts';
import { startEgressProxy } from './egress-proxy.ts';
import { machineFacts } from './install.ts';
import { DEFAULT_WORKSPACE_BYTES, DEFAULT_WORKSPACE_ENTRIES, NOBODY, withDefaults } from './limits.ts';
import { bubblewrapMissing, bubblewrapTooOld, explainRefusal, isOlder, OLDEST_BUBBLEWRAP } from './probe-failure.ts';
import { reachableCopy } from './reachable.ts';
import { runBounded } from './run-bounded.ts';
import { seccompFilter } from './seccomp-filter.ts';
import { createWorkspaceFiles } from './workspace-files.ts';
import { createWorkspaceFolder, sweepWorkspaces, type WorkspaceFolder } from './workspace-folder.ts';

export interface BubblewrapOptions {
  /** Absolute; made if absent. The user `runAs` must be able to walk to it. */
  workspacesDir: string;
  /** The Node that runs inside, and npm's package folder (null: whatever npm is under /usr). */
  node: { binary: string; npmDir: string | null };
  /** Whom root drops to; ignored for other users. Default: nobody (65534). */
  runAs?: { uid: number; gid: number };
  /** Most that a workspace may hold on disk. Default 4 GiB and a million files. */
  workspaceBytes?: number;
  workspaceEntries?: number;
  /** The program, by name or path. Default: `bwrap`. */
  bwrap?: string;
  log: Log;
}

/** What has to be ready before the first command: done once, after sweeping what an earlier process left. */
interface Prepared {
  node: string;
  npmDir: string | null;
  bridge: string;
  seccomp: string | null;
}

/** A sandbox of Linux namespaces by bubblewrap. Nothing is run before the first `probe` or `createWorkspace`. */
export function createBubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  const workspacesDir = resolve(options.workspacesDir);
  const runAs = process.getuid?.() === 0 ? (options.runAs ?? NOBODY) : null;
  let preparing: Promise<Prepared> | null = null;
  const prepare = (): Promise<Prepared> => {
    preparing ??= prepareOnce(options, workspacesDir, runAs).catch((error: unknown) => {
      preparing = null;
      throw error;
    });
    return preparing;
  };

  const createWorkspace = async (): Promise<SandboxWorkspace> => {
    const prepared = await prepare();
    const folder = await createWorkspaceFolder(workspacesDir, runAs);
    for (const [name, text] of Object.entries(INSIDE_ETC)) {
      await writeFile(join(folder.etc, name), text);
      await chmod(join(folder.etc, name), 0o644);
    }
    const closing = new AbortController();
    const active = new Set<Promise<unknown>>();
    return {
      ...createWorkspaceFiles(folder.files, runAs),
      async run(command) {
        const signal =
          command.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, command.signal]);
        const running = runCommand(options, runAs, prepared, folder, { ...command, signal });
        active.add(running);
        try {
          return await running;
        } finally {
          active.delete(running);
        }
      },
      async dispose() {
        closing.abort();
        await Promise.allSettled(active);
        await folder.remove();
      },
    };
  };

  return { kind: 'bubblewrap', probe: () => probe(options, createWorkspace), createWorkspace };
}

async function prepareOnce(
  options: BubblewrapOptions,
  workspacesDir: string,
  runAs: { uid: number; gid: number } | null,
): Promise<Prepared> {
  await mkdir(workspacesDir, { recursive: true, mode: 0o755 });
  const swept = await sweepWorkspaces(workspacesDir);
  if (swept.length > 0) options.log.info({ swept }, 'removed workspaces of an earlier process');
  const tools = join(workspacesDir, 'tools');
  await mkdir(tools, { recursive: true, mode: 0o755 });
  await chmod(tools, 0o755);
  const ownBridge = fileURLToPath(new URL('./egress-bridge.ts', import.meta.url));
  const filter = seccompFilter(process.arch);
  if (filter === null) options.log.warn({ arch: process.arch }, 'no system call filter for this processor');
  const seccomp = join(tools, 'seccomp.bpf');
  if (filter !== null) await writeFile(seccomp, filter);
  return {
    node: await reachableCopy(options.node.binary, runAs, tools),
    npmDir: options.node.npmDir === null ? null : await reachableCopy(options.node.npmDir, runAs, tools),
    bridge: await reachableCopy(ownBridge, runAs, tools),
    seccomp: filter === null ? null : seccomp,
  };
}

async function runCommand(
  options: BubblewrapOptions,
  runAs: { uid: number; gid: number } | null,
  prepared: Prepared,
  folder: WorkspaceFolder,
  command: SandboxCommand,
): Promise<SandboxResult> {
  const { cwd } = checkCommand(command);
  const limits = withDefaults(command.limits);
  const egress = await openEgress(options.log, runAs, command.domains ?? []);
  const seccompFile = prepared.seccomp === null ? null : openSync(prepared.seccomp, 'r');
  try {
    const args = bwrapArguments({
      argv: command.argv,
      cwd,
      env: command.env ?? {},
      limits,
      workspace: folder,
      node: prepared.node,
      npmDir: prepared.npmDir,
      egress: egress === null ? null : { ...egress, bridge: prepared.bridge, domains: command.domains ?? [] },
      seccompFile: seccompFile === null ? null : 4,
    });
    const end = await runBounded({
      file: options.bwrap ?? 'bwrap',
      args,
      // The first process inside keeps this environment in its /proc/1/environ.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      runAs,
      limits,
      signal: command.signal,
      disk: createDiskGuard(folder.path, {
        maxBytes: options.workspaceBytes ?? DEFAULT_WORKSPACE_BYTES,
        maxEntries: options.workspaceEntries ?? DEFAULT_WORKSPACE_ENTRIES,
      }),
      passFiles: seccompFile === null ? [] : [seccompFile],
      countProcesses: false,
      onStarted: folder.noteRunning,
    });
    // bwrap reports an exit code only for a command that it really started.
    if (end.endedBy === null && !end.status.includes('"exit-code"')) throw await startFailure(end);
    const { status: _status, spawnError: _spawnError, ...result } = end;
    return result;
  } finally {
    if (seccompFile !== null) closeSync(seccompFile);
    await egress?.close();
  }
}

async function openEgress(
  log: Log,
  owner: { uid: number; gid: number } | null,
  domains: readonly string[],
): Promise<{ socket: string; close(): Promise<void> } | null> {
  if (domains.length === 0) return null;
  // A unix socket's path may have 107 bytes, so it lives in the short folder for temporary files.
  const folder = await mkdtemp(join(tmpdir(), 'factory-egress-'));
  const socket = join(folder, 's');
  try {
    await chmod(folder, 0o711);
    const proxy = await startEgressProxy({ socketPath: socket, domains, owner, log });
    return {
      socket,
      async close() {
        await proxy.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startFailure(end: { spawnError: NodeJS.ErrnoException | null; stderr: string }): Promise<FactoryError> {
  const facts = await machineFacts();
  const why =
    end.spawnError?.code === 'ENOENT'
      ? bubblewrapMissing(facts)
      : explainRefusal(end.spawnError?.message ?? end.stderr, facts);
  return new FactoryError('sandbox-unavailable', why.reason, { fix: why.fix, retryable: true });
}

async function probe(
  options: BubblewrapOptions,
  createWorkspace: () => Promise<SandboxWorkspace>,
): Promise<SandboxProbe> {
  const version = await bubblewrapVersion(options.bwrap ?? 'bwrap');
  if (version === null) return bubblewrapMissing(await machineFacts());
  if (isOlder(version, OLDEST_BUBBLEWRAP)) return bubblewrapTooOld(version);
  let workspace: SandboxWorkspace | null = null;
  try {
    workspace = await createWorkspace();
    const script = 'node --version && git --version && npm --version && echo written > probe';
    const result = await workspace.run({ argv: ['sh', '-c', script], limits: { wallSeconds: 60 } });
    const written = await workspace.read('probe', 100);
    if (result.exitCode !== 0 || written === null) {
      const said = result.stderr.trim().split('\n').at(-1) ?? '';
      return {
        ok: false,
        reason: `A command started in the sandbox and failed: ${said}`,
        fix: 'Install what it names (Node, npm and git must work inside).',
      };
    }
    const [node = '', git = ''] = result.stdout.split('\n');
    return { ok: true, detail: `bubblewrap ${version}, inside: Node ${node.replace('v', '')}, ${git}` };
  } catch (error) {
    if (error instanceof FactoryError) return { ok: false, reason: error.message, fix: error.fix };
    return {
      ok: false,
      reason: `The sandbox could not be set up: ${error instanceof Error ? error.message : String(error)}`,
      fix: 'Check that the data folder can be written and that its disk has room.',
    };
  } finally {
    await workspace?.dispose();
  }
}

/** Null when there is no such program. */
function bubblewrapVersion(bwrap: string): Promise<string | null> {
  return new Promise((done) => {
    execFile(bwrap, ['--version'], { timeout: 10_000 }, (error, stdout) => {
      done(error === null ? (/\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? '0') : null);
    });
  });
}

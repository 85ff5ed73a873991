import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Sandbox, SandboxWorkspace } from '#src/ports/sandbox.ts';
import { checkCommand } from './checked-command.ts';
import { createDiskGuard } from './disk-guard.ts';
import {
  DEFAULT_WORKSPACE_BYTES,
  DEFAULT_WORKSPACE_ENTRIES,
  NOBODY,
  prlimitArguments,
  withDefaults,
} from './limits.ts';
import { countThreadsOf } from './process-table.ts';
import { reachableCopy } from './reachable.ts';
import { runBounded } from './run-bounded.ts';
import { createWorkspaceFiles } from './workspace-files.ts';
import { createWorkspaceFolder, killMarked, sweepWorkspaces, WORKSPACE_MARK } from './workspace-folder.ts';

export interface UnsandboxedOptions {
  workspacesDir: string;
  /** Whom root drops to; ignored for other users. Default: nobody (65534). */
  runAs?: { uid: number; gid: number };
  node: { binary: string; npmDir: string | null };
  /** Where programs are found, as PATH is written. Default: the system's own folders. */
  path?: string;
  workspaceBytes?: number;
  workspaceEntries?: number;
  log: Log;
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/**
 * `SANDBOX=none`: the same port without a sandbox, for a person who set it knowingly. Commands are plain processes of
 * this user: they see its files and its network (`domains` has no effect). Only root drops to another user, for the
 * kernel bounds no process of root's. What still holds: a private folder and home, an environment without the
 * factory's own, and limits on time, memory, processes, output and disk.
 */
export function createUnsandboxed(options: UnsandboxedOptions): Sandbox {
  const workspacesDir = resolve(options.workspacesDir);
  const runAs = process.getuid?.() === 0 ? (options.runAs ?? NOBODY) : null;
  let preparing: Promise<void> | null = null;
  const prepare = async (): Promise<void> => {
    await mkdir(workspacesDir, { recursive: true });
    const swept = await sweepWorkspaces(workspacesDir);
    if (swept.length > 0) options.log.info({ swept }, 'removed workspaces of an earlier process');
  };

  return {
    kind: 'none',

    async probe() {
      try {
        preparing ??= prepare();
        await preparing;
        const folder = await mkdtemp(join(workspacesDir, 'probe-'));
        await rm(folder, { recursive: true });
        return { ok: true, detail: 'SANDBOX=none: code that nobody has reviewed runs as this user, without a sandbox' };
      } catch (error) {
        preparing = null;
        return {
          ok: false,
          reason: `The folder for workspaces cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          fix: 'Set WORKBENCH_DATA to a folder that this user may write.',
        };
      }
    },

    async createWorkspace() {
      preparing ??= prepare();
      await preparing;
      return createPlainWorkspace(options, workspacesDir, runAs);
    },
  };
}

async function createPlainWorkspace(
  options: UnsandboxedOptions,
  workspacesDir: string,
  runAs: { uid: number; gid: number } | null,
): Promise<SandboxWorkspace> {
  const folder = await createWorkspaceFolder(workspacesDir, runAs);
  const bin = join(folder.path, 'bin');
  const tmp = join(folder.path, 'tmp');
  await mkdir(bin);
  await mkdir(tmp, { mode: 0o700 });
  if (runAs !== null) await chown(tmp, runAs.uid, runAs.gid);
  const tools = join(workspacesDir, 'tools');
  await symlink(await reachableCopy(options.node.binary, runAs, tools), join(bin, 'node'));
  if (options.node.npmDir !== null) {
    const npmDir = await reachableCopy(options.node.npmDir, runAs, tools);
    await symlink(join(npmDir, 'bin/npm-cli.js'), join(bin, 'npm'));
    await symlink(join(npmDir, 'bin/npx-cli.js'), join(bin, 'npx'));
  }
  const uid = runAs?.uid ?? process.getuid?.() ?? 0;
  const closing = new AbortController();
  const active = new Set<Promise<unknown>>();

  return {
    ...createWorkspaceFiles(folder.files, runAs),
    async run(command) {
      const { cwd } = checkCommand(command);
      const limits = withDefaults(command.limits);
      const bounded = prlimitPath();
      const [program = '', ...args] = [
        // The kernel counts every process of the user, also those that ran before.
        ...(bounded === null
          ? []
          : [bounded, ...prlimitArguments(limits, { processes: countThreadsOf(uid) + limits.processes }), '--']),
        ...command.argv,
      ];
      const running = runBounded({
        file: program,
        args,
        env: {
          PATH: `${bin}:${options.path ?? SYSTEM_PATH}`,
          HOME: folder.home,
          TMPDIR: tmp,
          LANG: 'C.UTF-8',
          CI: 'true',
          NO_COLOR: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_CONFIG_NOSYSTEM: '1',
          npm_config_audit: 'false',
          npm_config_fund: 'false',
          npm_config_update_notifier: 'false',
          ...command.env,
          [WORKSPACE_MARK]: folder.path,
        },
        cwd: join(folder.files, cwd),
        runAs,
        limits,
        signal: command.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, command.signal]),
        disk: createDiskGuard(folder.path, {
          maxBytes: options.workspaceBytes ?? DEFAULT_WORKSPACE_BYTES,
          maxEntries: options.workspaceEntries ?? DEFAULT_WORKSPACE_ENTRIES,
        }),
        passFiles: [],
        countProcesses: true,
        onStarted: folder.noteRunning,
      });
      active.add(running);
      try {
        const { status: _status, spawnError, ...result } = await running;
        if (spawnError !== null) throw notStarted(program, spawnError);
        return result;
      } finally {
        active.delete(running);
        // A daemon may have left the tree and its group; the mark in its environment still tells.
        if (active.size === 0) await killMarked(folder.path);
      }
    },
    async dispose() {
      closing.abort();
      await Promise.allSettled(active);
      await folder.remove();
    },
  };
}

function prlimitPath(): string | null {
  return ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path)) ?? null;
}

function notStarted(program: string, error: NodeJS.ErrnoException): FactoryError {
  return new FactoryError('sandbox-unavailable', `${program} could not be started: ${error.message}`, {
    fix: 'Check that the program and the folder it runs in exist.',
  });
}

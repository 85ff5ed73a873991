import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import { killProcess, type ProcessEntry, readProcess, readProcessTable } from './process-table.ts';

/**
 * One workspace on the host:
 *   ws-PID-START-RANDOM/   its name says whose it is: pid and start time of the process that made it
 *     files/               becomes /workspace
 *     home/                becomes HOME, kept between the commands of this workspace
 *     etc/                 the few files that /etc shows inside
 *     running/PID-START    one empty file a running command
 */
export interface WorkspaceFolder {
  path: string;
  files: string;
  home: string;
  etc: string;
  noteRunning(process: ProcessEntry): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

const NAME = /^ws-(\d+)-(\d+)-[0-9a-f]{12}$/;
const RUNNING_NAME = /^(\d+)-(\d+)$/;

/** The variable that marks processes of a workspace, so that what `SANDBOX=none` leaves behind can be found. */
export const WORKSPACE_MARK = 'FACTORY_WORKSPACE';

export async function createWorkspaceFolder(
  workspacesDir: string,
  owner: { uid: number; gid: number } | null,
): Promise<WorkspaceFolder> {
  const start = readProcess(process.pid)?.startTicks ?? '0';
  const path = join(workspacesDir, `ws-${process.pid}-${start}-${randomBytes(6).toString('hex')}`);
  const folder = { path, files: join(path, 'files'), home: join(path, 'home'), etc: join(path, 'etc') };
  const running = join(path, 'running');
  // 0711: the dropped user walks through but sees no list; nobody else can guess the random name.
  await mkdir(path, { mode: 0o711 });
  await chmod(path, 0o711);
  for (const own of [folder.files, folder.home]) {
    await mkdir(own, { mode: 0o700 });
    if (owner !== null) await chown(own, owner.uid, owner.gid);
  }
  await mkdir(folder.etc, { mode: 0o755 });
  await chmod(folder.etc, 0o755);
  await mkdir(running, { mode: 0o700 });
  return {
    ...folder,
    async noteRunning(entry) {
      const note = join(running, `${entry.pid}-${entry.startTicks}`);
      await writeFile(note, '');
      return () => rm(note, { force: true });
    },
    remove: () => removeTree(path),
  };
}

/**
 * Removes what an earlier process of the factory left when it was killed: folders whose name carries a pid and start
 * time of no running process, and sandboxed processes that they list. Touches nothing else in `workspacesDir`.
 * Returns the removed folders' names.
 */
export async function sweepWorkspaces(workspacesDir: string): Promise<string[]> {
  const removed: string[] = [];
  const names = await readdir(workspacesDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const [, pid, start] = NAME.exec(name) ?? [];
    if (pid === undefined || start === undefined) continue;
    const owner = readProcess(Number(pid));
    if (owner !== null && (owner.startTicks === start || start === '0')) continue;
    const path = join(workspacesDir, name);
    if (!(await lstat(path)).isDirectory()) continue;
    for (const note of await readdir(join(path, 'running')).catch(() => [])) {
      const [, runPid, runStart] = RUNNING_NAME.exec(note) ?? [];
      if (runPid !== undefined && runStart !== undefined) killProcess({ pid: Number(runPid), startTicks: runStart });
    }
    await killMarked(path);
    await removeTree(path);
    removed.push(name);
  }
  return removed;
}

/**
 * Kills processes that carry the mark of one workspace in the environment that they were started with, and bubblewrap
 * processes whose arguments name it: one that is killed between making its first process and freeing it to go on leaves
 * that one waiting for ever, before it has asked to die with its parent.
 */
export async function killMarked(workspacePath: string): Promise<void> {
  const mark = `${WORKSPACE_MARK}=${workspacePath}`;
  for (const entry of readProcessTable().values()) {
    const environment = await readFile(`/proc/${entry.pid}/environ`, 'latin1').catch(() => '');
    const [program = '', ...words] = (await readFile(`/proc/${entry.pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const isOurBwrap = basename(program) === 'bwrap' && words.some((word) => word.startsWith(`${workspacePath}/`));
    if (isOurBwrap || environment.split('\0').includes(mark)) killProcess(entry);
  }
}

/**
 * Removes a tree that unreviewed code wrote. `rm` and `chmod` of the system work relative to open folders: Node's own
 * `rm` uses whole paths, and fails on a tree that is deeper than a path may be long.
 */
async function removeTree(path: string): Promise<void> {
  await run('rm', ['-rf', '--', path]);
  if (!(await exists(path))) return;
  await run('chmod', ['-R', 'u+rwx', '--', path]);
  await run('rm', ['-rf', '--', path]);
  if (await exists(path)) {
    throw new FactoryError('sandbox-not-removed', `The workspace folder ${path} could not be removed.`, {
      fix: 'Remove it by hand. It holds only copies.',
      retryable: true,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function run(file: string, args: string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(file, args, { env: { PATH: '/usr/bin:/bin', LANG: 'C' } }, () => resolve());
  });
}

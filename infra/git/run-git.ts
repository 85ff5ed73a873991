import { spawn } from 'node:child_process';
import { GitPluginError, simpleGit } from 'simple-git';
import { FactoryError } from '#src/errors.ts';
import { checkArguments } from './allowed-arguments.ts';
import { gitEnvironment } from './git-environment.ts';
import { hardening } from './hardening.ts';

/** Every git process of the factory starts here, with checked words, an emptied environment and no configuration but ours. */
export interface GitCall {
  /** Absolute path handed over as `--git-dir`: git never searches for a repository by itself. */
  gitDir?: string;
  workTree?: string;
  /** An absolute folder that exists. */
  workingFolder: string;
  args: readonly string[];
  /** Settings beyond `hardening.ts`. */
  settings?: readonly MoreSettings[];
  /** Words that `allowed-arguments.ts` cannot list because they name programs of ours; see `remote-programs.ts`. */
  trusted?: readonly string[];
  input?: string | Buffer;
  /** Added to the emptied environment; only the names that `git-environment.ts` knows. */
  env?: Readonly<Record<string, string>>;
  /** Run as this user instead of root, so that a person's files stay theirs. */
  runAs?: { uid: number; gid: number } | null;
}

/**
 * Checks on what comes in; the empty tree as source of attributes, for a mirror (see `mirror.ts`); and the way to a
 * server, for calls that go to one.
 */
export type MoreSettings =
  | 'protocol.https.allow=always'
  | 'protocol.http.allow=always'
  | 'http.followRedirects=false'
  | 'fetch.fsckObjects=true'
  | 'transfer.fsckObjects=true'
  | 'attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export interface GitResult {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/** Kills a git process that has said nothing for this long. A fetch of a very large repository reports progress before. */
const SILENCE_TIMEOUT_MS = 10 * 60_000;

/** Runs git and reports how it ended. Throws FactoryError `git-missing`, `git-argument-refused`, `git-stuck`. */
export async function runGit(call: GitCall): Promise<GitResult> {
  checkArguments(call.args, call.trusted);
  let result: GitResult | undefined;
  const git = simpleGit({
    baseDir: call.workingFolder,
    // Only the end of the streams counts: the default, 50 ms after exit, can cut a large answer.
    completion: { onClose: true, onExit: false },
    timeout: { block: SILENCE_TIMEOUT_MS },
    allowEnvironment: Object.keys(gitEnvironment(call.env)),
    // simple-git guards against words from outside; these are constants of `hardening.ts` that turn such things off.
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeFilter: true,
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafePager: true,
      allowUnsafePack: true,
      allowUnsafeTemplateDir: true,
    },
    ...(call.runAs ? { spawnOptions: call.runAs } : {}),
    input: () => call.input,
    errors(error, ended) {
      if (error instanceof GitPluginError) return error;
      const stderr = Buffer.concat(ended.stdErr).toString('utf8');
      result = { exitCode: ended.exitCode, stdout: Buffer.concat(ended.stdOut), stderr };
      return undefined;
    },
  });
  try {
    await git.env(gitEnvironment(call.env)).raw(commandLine(call));
  } catch (error) {
    if (error instanceof GitPluginError && error.plugin === 'timeout') throw gitStuck(call, error);
    throw error;
  }
  if (!result) throw new Error('simple-git ended without a result');
  if (result.exitCode < 0 && result.stderr.includes('ENOENT')) throw gitMissing();
  return result;
}

/** The same, for calls that must succeed: answers the output, throws FactoryError `git-failed` with git's own words. */
export async function git(call: GitCall): Promise<string> {
  return (await gitBytes(call)).toString('utf8');
}

async function gitBytes(call: GitCall): Promise<Buffer> {
  const result = await runGit(call);
  if (result.exitCode !== 0) throw gitFailed(call, result.stderr);
  return result.stdout;
}

/**
 * Hands git's output over piece by piece, waiting for each; `onChunk` answers false to have enough. simple-git is not
 * used here because it keeps the whole output in memory and decodes it as text: a diff is hashed as bytes and may be
 * hundreds of megabytes, and a file of a commit may be binary. Words, environment and hardening are the same.
 */
export async function streamGit(call: GitCall, onChunk: (chunk: Buffer) => boolean | Promise<boolean>): Promise<void> {
  checkArguments(call.args, call.trusted);
  const child = spawn('git', commandLine(call), {
    cwd: call.workingFolder,
    env: gitEnvironment(call.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...call.runAs,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? gitMissing() : error));
    child.on('close', resolve);
  });
  ended.catch(() => {}); // awaited below, after the output
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 10_000) stderr += chunk.toString('utf8');
  });
  child.stdin.on('error', () => {}); // git may end before it has read everything; its exit code tells why
  child.stdin.end(call.input ?? '');
  let enough = false;
  let readAll = false;
  try {
    for await (const chunk of child.stdout) {
      enough = !(await onChunk(chunk as Buffer));
      if (enough) break;
    }
    readAll = !enough;
  } finally {
    if (!readAll) child.kill();
  }
  const exitCode = await ended;
  if (exitCode !== 0 && !enough) throw gitFailed(call, stderr);
}

function commandLine(call: GitCall): string[] {
  return [
    '--no-pager',
    '--no-replace-objects',
    '--literal-pathspecs',
    ...(call.gitDir === undefined ? [] : [`--git-dir=${call.gitDir}`]),
    ...(call.workTree === undefined ? [] : [`--work-tree=${call.workTree}`]),
    ...[...hardening, ...(call.settings ?? [])].flatMap((setting) => ['-c', setting]),
    ...call.args,
  ];
}

export function gitFailed(call: Pick<GitCall, 'args'>, stderr: string): FactoryError {
  const said = stderr.trim().split('\n').slice(-3).join(' ').slice(0, 500) || 'nothing';
  return new FactoryError('git-failed', `git ${call.args[0]} did not work. It said: ${said}`, {
    fix: 'Check that the repository and the disk are in order (`git fsck`, `df -h`), then try again.',
    retryable: true,
  });
}

function gitStuck(call: GitCall, cause: unknown): FactoryError {
  return new FactoryError(
    'git-stuck',
    `git ${call.args[0]} said nothing for ${SILENCE_TIMEOUT_MS / 60_000} minutes and was stopped.`,
    {
      fix: 'Check that the disk answers, then try again.',
      retryable: true,
      cause,
    },
  );
}

function gitMissing(): FactoryError {
  return new FactoryError('git-missing', 'Git was not found on this machine.', {
    fix: 'Install git 2.38 or later (on Debian and Ubuntu: `apt-get install git`) and start again.',
  });
}

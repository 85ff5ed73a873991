import { spawn } from 'node:child_process';

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
}

/** Settings of the stand-in's own, so that the machine's do not matter. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_AUTHOR_NAME: 'GitHub',
    GIT_AUTHOR_EMAIL: 'noreply@example.com',
    GIT_COMMITTER_NAME: 'GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@example.com',
    ...more,
  };
}

const READS = new Set(['diff', 'log', 'merge-base', 'merge-tree', 'rev-list', 'rev-parse']);
const COMMITS = /^\^?[0-9a-f]{40}(?:\.\.[0-9a-f]{40}|\^\{commit\})?$/;
const known = new Map<string, Promise<GitResult>>();

/**
 * Runs git in a bare repository and answers whatever came of it. What hangs on commits' ids alone stays as it is, and is
 * asked only once: GitHub's answers need the same counts over and over.
 */
export async function tryGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const [command = '', ...words] = args;
  const isFixed = READS.has(command) && words.every((word) => word.startsWith('-') || COMMITS.test(word));
  if (!isFixed) return run(folder, args, options);
  const key = [folder, ...args].join('\0');
  const asked = known.get(key) ?? run(folder, args, options);
  known.set(key, asked);
  const result = await asked;
  // A commit that is not there may still come; 1 is an answer of merge-base and merge-tree.
  if (result.code > 1 || (result.code === 1 && command === 'rev-parse')) known.delete(key);
  return result;
}

function run(folder: string, args: readonly string[], options: GitOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: folder, env: gitEnvironment(options.env) });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') }),
    );
    // Git may have ended before it read all; its exit code says more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** What git printed, without the last line break. Throws with what it said when it fails. */
export async function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryGit(folder, args, options);
  if (code === 0) return stdout.toString('utf8').replace(/\n$/, '');
  throw new Error(`git ${args.join(' ')} ended with ${code}: ${stderr}`);
}

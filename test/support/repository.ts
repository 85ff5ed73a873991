import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Small real git repositories for tests, each in a folder of its own that goes away with the test. */
export interface TestRepository {
  /** What a person would name: the top of a clone, or a bare repository. */
  path: string;
  /** Runs git there, as the person would; answers what it printed. */
  git(...args: string[]): string;
  /** Writes files (null deletes one), commits them on the branch that is checked out and answers the commit's id. */
  commit(files: Readonly<Record<string, string | null>>, message?: string): string;
  /** The commit a ref names, or null. */
  head(ref?: string): string | null;
}

/** A folder for the running test, readable by every user, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'factory-git-')));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let tick = 0;

/** Runs git with settings of the test's own, so that the machine's do not matter. Throws with what git said. */
export function gitIn(folder: string, ...args: string[]): string {
  tick += 1;
  const date = `@${1_700_000_000 + tick} +0000`;
  const settings = [
    'init.defaultBranch=main',
    'protocol.file.allow=always',
    'advice.detachedHead=false',
    'safe.directory=*',
  ];
  return execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 100_000_000,
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.invalid',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.invalid',
      GIT_COMMITTER_DATE: date,
    },
  });
}

function repositoryAt(path: string): TestRepository {
  const git = (...args: string[]) => gitIn(path, ...args);
  return {
    path,
    git,
    commit(files, message = 'a commit') {
      writeFiles(path, files);
      git('add', '-A', '-f');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    head(ref = 'HEAD') {
      try {
        return git('rev-parse', '--verify', '-q', `${ref}^{commit}`).trim();
      } catch {
        return null;
      }
    },
  };
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | null>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    if (content === null) {
      rmSync(file, { force: true });
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const FIRST_FILES = { 'README.md': '# Example\n', 'src/add.js': 'export const add = (a, b) => a + b;\n' };

/** A working clone on `main` with one commit. In a folder of the caller's it stays for as long as that does. */
export function workingClone(
  files: Readonly<Record<string, string>> = FIRST_FILES,
  folder = temporaryFolder(),
): TestRepository {
  const repository = repositoryAt(join(folder, 'project'));
  mkdirSync(repository.path);
  repository.git('init', '-q');
  repository.commit(files, 'first');
  return repository;
}

/** A bare repository with one commit on `main`. `commit` does not work there: push to it. */
export function bareRepository(): TestRepository {
  const clone = workingClone();
  const path = join(dirname(clone.path), 'project.git');
  gitIn(dirname(clone.path), 'clone', '-q', '--bare', clone.path, path);
  return repositoryAt(path);
}

/** A repository without a commit. */
export function emptyRepository(): TestRepository {
  const repository = repositoryAt(join(temporaryFolder(), 'empty'));
  mkdirSync(repository.path);
  repository.git('init', '-q');
  return repository;
}

/** `main` is checked out and a tracked file is changed. */
export function dirtyClone(): TestRepository {
  const repository = workingClone();
  writeFiles(repository.path, { 'README.md': '# Changed and not committed\n' });
  return repository;
}

export function detachedClone(): TestRepository {
  const repository = workingClone();
  repository.git('checkout', '-q', '--detach');
  return repository;
}

export function cloneWithSubmodule(): TestRepository {
  const part = workingClone({ 'part.txt': 'part\n' });
  const repository = workingClone();
  repository.git('submodule', '--quiet', 'add', part.path, 'part');
  repository.git('commit', '-q', '-m', 'add a submodule');
  return repository;
}

/** Every hook there is, each leaving a mark in the file `marker` when it runs. */
export function plantHooks(gitDir: string, marker: string): void {
  const names = [
    ...[
      'pre-commit',
      'post-commit',
      'pre-push',
      'post-checkout',
      'post-merge',
      'reference-transaction',
      'pre-receive',
      'update',
    ],
    ...[
      'post-receive',
      'post-update',
      'push-to-checkout',
      'proc-receive',
      'pre-auto-gc',
      'post-index-change',
      'fsmonitor-watchman',
    ],
  ];
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const name of names) {
    writeFileSync(join(gitDir, 'hooks', name), `#!/bin/sh\necho hook-${name} >> '${marker}'\nexit 0\n`);
    chmodSync(join(gitDir, 'hooks', name), 0o755);
  }
}

export function plantSymlink(repository: TestRepository, name: string, target: string): void {
  symlinkSync(target, join(repository.path, name));
}

/** What a sandbox would hand back: a clone of `from` in which `work` commits something, as a bundle of its HEAD. */
export function sandboxWork(
  from: TestRepository,
  work: (sandbox: TestRepository) => void,
  since: string | null = 'origin/HEAD',
): { hostFile: string; ref: string; headSha: string } {
  const folder = temporaryFolder();
  gitIn(folder, 'clone', '-q', from.path, 'sandbox');
  const sandbox = repositoryAt(join(folder, 'sandbox'));
  work(sandbox);
  const hostFile = join(folder, 'work.bundle');
  sandbox.git(
    '-c',
    'core.hooksPath=/dev/null',
    'bundle',
    'create',
    '-q',
    hostFile,
    'HEAD',
    ...(since === null ? [] : [`^${since}`]),
  );
  return { hostFile, ref: 'HEAD', headSha: sandbox.git('rev-parse', 'HEAD').trim() };
}

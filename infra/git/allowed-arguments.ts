import { FactoryError } from '#src/errors.ts';
import { isReadableRef, isSha, quoted } from './ref-names.ts';

/**
 * The whole vocabulary that the factory uses with git. simple-git refuses a list of dangerous arguments, and that list
 * was walked around often (CVE-2022-24433, -24066, -25912, -25860, CVE-2026-28291, -28292, -6951); here everything is
 * refused that is not listed. Words after `--` are paths or URLs that git cannot mistake for options.
 */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  version: [],
  init: ['--bare', '--quiet', '--template=', '--initial-branch=factory-none', '--object-format=sha1'],
  config: ['--includes', '--null', '--name-only', '--show-scope', '--get-regexp'],
  'rev-parse': ['--verify', '--quiet', '--is-bare-repository', '--is-shallow-repository', '--show-object-format'],
  'symbolic-ref': ['--quiet'],
  'for-each-ref': [],
  'ls-remote': [],
  worktree: ['--porcelain', '-z'],
  status: ['--porcelain=v1', '-z', '--untracked-files=no', '--ignore-submodules=all', '--no-renames'],
  'diff-files': ['--name-only', '-z', '--ignore-submodules', '--no-ext-diff', '--no-textconv'],
  'diff-index': ['--name-only', '-z', '--cached', '--ignore-submodules', '--no-ext-diff', '--no-textconv'],
  fetch: [
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-gc',
    '--no-recurse-submodules',
    '--prune',
    '--atomic',
    '--force',
  ],
  push: ['--porcelain', '--no-verify', '--no-signed', '--recurse-submodules=no', '--no-follow-tags'],
  'update-ref': ['--stdin', '-z', '--no-deref'],
  'ls-tree': ['-r', '-z', '--long', '--full-tree', '--name-only'],
  'cat-file': ['-e', '--batch', '--batch-check'],
  'hash-object': ['-w', '--stdin', '-t', 'blob'],
  'rev-list': ['--parents', '--no-walk', '--topo-order', '--reverse', '--stdin', '--first-parent', '--ancestry-path'],
  log: [
    ...['-z', '--no-walk=unsorted', '--stdin', '--no-show-signature', '--no-notes', '--topo-order', '--reverse'],
    ...['--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', '--cc'],
  ],
  'diff-tree': [
    '--stdin',
    '-r',
    '-z',
    '-m',
    '--root',
    '--raw',
    '--no-commit-id',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
  ],
  diff: [
    ...['--binary', '--full-index', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-relative'],
    ...['--diff-algorithm=myers', '--no-indent-heuristic', '--unified=3', '--inter-hunk-context=0', '--src-prefix=a/'],
    ...['--dst-prefix=b/', '--submodule=short', '--ignore-submodules=none', '--raw', '--numstat', '-z'],
  ],
  'merge-base': ['--is-ancestor'],
  'merge-tree': ['--write-tree', '--name-only', '-z', '--no-messages', '--allow-unrelated-histories'],
  'commit-tree': ['-p'],
  'pack-objects': ['--revs', '--stdout', '-q'],
  'read-tree': ['-m', '-u'],
  'update-index': ['--index-info', '-z', '-q', '--refresh', '--ignore-submodules'],
  'write-tree': [],
  'check-attr': ['--cached', '--stdin', '-z', 'filter'],
};

/** The settings of a person's repository that the factory looks at; never their values, but for what each scope names. */
export const WATCHED_SETTINGS = '^filter\\.|^core\\.worktree$|^core\\.hookspath$|^extensions\\.partialclone$';

const EXACT_WORDS = new Set(['list', 'HEAD', WATCHED_SETTINGS]);
const FORMATS = /^--format=[A-Za-z0-9%():]+$/;
const MAX_COUNT = /^--max-count=[1-9][0-9]{0,5}$/;

export function checkArguments(args: readonly string[], trusted: readonly string[] = []): void {
  const [command, ...rest] = args;
  const options = command === undefined ? undefined : OPTIONS[command];
  if (command === undefined || !options) throw refused(command ?? '');
  const end = rest.indexOf('--');
  const words = end < 0 ? rest : rest.slice(0, end);
  for (const word of words) {
    if (options.includes(word) || trusted.includes(word) || FORMATS.test(word) || isLease(word) || isValue(word))
      continue;
    if (command === 'log' && MAX_COUNT.test(word)) continue;
    throw refused(word);
  }
  for (const path of end < 0 ? [] : rest.slice(end + 1)) {
    const isRefspec = (command === 'fetch' || command === 'push' || command === 'ls-remote') && !path.startsWith('/');
    if (path.includes('\0') || path === '') throw refused(path);
    if (isRefspec && !trusted.includes(path) && !isValue(path)) throw refused(path);
  }
}

function isValue(word: string): boolean {
  if (EXACT_WORDS.has(word) || isObject(word) || isReadableRef(word)) return true;
  const [from = '', to, ...more] = (word.startsWith('+') ? word.slice(1) : word).split(':');
  return to !== undefined && more.length === 0 && (isSha(from) || isRefOrPattern(from)) && isRefOrPattern(to);
}

function isObject(word: string): boolean {
  const name = word.replace(/^\^/, '').replace(/\^\{(?:commit|tree)\}$/, '');
  return isSha(name) || isReadableRef(name) || name === 'HEAD';
}

function isRefOrPattern(word: string): boolean {
  return word === 'HEAD' || word === 'refs/heads/factory/*' || isReadableRef(word);
}

function isLease(word: string): boolean {
  const [, ref = '', sha = ''] = /^--force-with-lease=([^:]+):([0-9a-f]*)$/.exec(word) ?? [];
  return isReadableRef(ref) && (sha === '' || isSha(sha));
}

function refused(word: string): FactoryError {
  return new FactoryError(
    'git-argument-refused',
    `The factory does not pass ${quoted(word)} to git: it is not among the words it uses.`,
    {
      fix: 'Rename the branch or the repository folder. If you named neither, report this sentence: it is a fault of the workbench.',
    },
  );
}

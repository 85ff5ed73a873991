/**
 * Paths that a change by the factory may not touch unasked: what decides how its own work is checked, built or
 * approved, and what other tools run by themselves when they open the repository.
 */
export const builtInProtectedPaths: readonly string[] = [
  '/factory.yaml',
  '/factory.yml',
  '/factory/**',
  // What forges run
  '.github/**',
  '.gitlab-ci.yml',
  '.gitlab/**',
  '.circleci/**',
  '.buildkite/**',
  '.forgejo/**',
  '.gitea/**',
  '.drone.yml',
  '.travis.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  'Jenkinsfile',
  'CODEOWNERS',
  // What git and package managers obey
  '.gitmodules',
  '.gitattributes',
  '.gitconfig',
  '.git/**',
  '.husky/**',
  '.githooks/**',
  '.lefthook/**',
  'lefthook.yml',
  '.pre-commit-config.yaml',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pnpmfile.cjs',
  '.pypirc',
  'pip.conf',
  // What editors and coding agents obey
  '.vscode/**',
  '*.code-workspace',
  '.devcontainer/**',
  '.idea/**',
  '.claude/**',
  '.cursor/**',
  '.cursorrules',
  '.codex/**',
  '.gemini/**',
  '.windsurf/**',
  '.windsurfrules',
  '.clinerules',
  '.roo/**',
  '.kiro/**',
  '.junie/**',
  '.zed/**',
  '.opencode/**',
  'opencode.json',
  '.aider.conf.yml',
  '.mcp.json',
  'mcp.json',
  'CLAUDE.md',
  'AGENTS.md',
  'GEMINI.md',
  '.envrc',
  '.mise.toml',
  'mise.toml',
  '.exrc',
  '.nvim.lua',
  '.dir-locals.el',
];

/**
 * True when `path` (relative, with `/`) is covered by one of `patterns`, read as git reads an ignore file: `*` stays in
 * one folder, `**` crosses folders, a pattern without a slash fits at any depth, a leading `/` ties it to the root, and
 * what names a folder covers all that is in it. Letter case is ignored, because some file systems ignore it. A path
 * that climbs out counts as protected.
 */
export function matchesProtected(path: string, patterns: readonly string[]): boolean {
  return protectingPattern(path, patterns) !== null;
}

/** The first pattern that covers `path`, to be named to people; null when none does. */
export function protectingPattern(path: string, patterns: readonly string[]): string | null {
  const names = segments(path);
  if (names.includes('..')) return '..';
  return patterns.find((pattern) => covers(pattern, names)) ?? null;
}

function covers(pattern: string, names: readonly string[]): boolean {
  const wanted = segments(pattern);
  if (wanted.length === 0) return false;
  const anchored = pattern.replace(/\/+$/, '').includes('/');
  const glob = anchored ? wanted : ['**', ...wanted];
  const folderOnly = pattern.endsWith('/');
  // A pattern that fits a folder on the way covers what is in it.
  return fittingLengths(glob, names).some(
    (fits, length) => fits && length > 0 && !(folderOnly && length === names.length),
  );
}

function segments(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[/\\]/)
    .filter((name) => name !== '' && name !== '.');
}

/**
 * For each number of names from the front, whether they fit. Compared row by row, so that no pattern can take more than
 * its length times the path's.
 */
function fittingLengths(glob: readonly string[], names: readonly string[]): boolean[] {
  let reachable = Array.from({ length: names.length + 1 }, () => false);
  reachable[0] = true;
  glob.forEach((part, index) => {
    const next = Array.from({ length: names.length + 1 }, () => false);
    if (part === '**') {
      // At the end it stands for at least one name (`a/**` is what is in a), elsewhere also for none.
      const least = index === glob.length - 1 && index > 0 ? 1 : 0;
      let from = -1;
      for (let at = 0; at <= names.length; at += 1) {
        if (from === -1 && reachable[at] === true) from = at;
        if (from !== -1 && at >= from + least) next[at] = true;
      }
    } else {
      names.forEach((name, at) => {
        if (reachable[at] === true && fitsName(part, name)) next[at + 1] = true;
      });
    }
    reachable = next;
  });
  return reachable;
}

/** `*` within one name; the last star is the only one ever gone back to. */
function fitsName(pattern: string, name: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p;
      starAt = at;
      p += 1;
    } else if (p < pattern.length && pattern[p] === name[at]) {
      p += 1;
      at += 1;
    } else if (star !== -1) {
      p = star + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

import type { Mirror } from './mirror.ts';
import { quoted } from './ref-names.ts';
import { gitFailed } from './run-git.ts';

/** What two commits come to together, on top of what they share. Nothing is checked out, and no ref moves. */
export async function mergeTrees(
  mirror: Mirror,
  ours: string,
  theirs: string,
): Promise<{ tree: string; conflicts: readonly string[] }> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
  const merged = await mirror.run(args);
  if (merged.exitCode !== 0 && merged.exitCode !== 1) throw gitFailed({ args }, merged.stderr);
  const [tree = '', ...names] = merged.stdout.toString('utf8').split('\0').filter(Boolean);
  return { tree, conflicts: merged.exitCode === 1 ? names : [] };
}

const NAMED = 10;

/** Files as a sentence names them. */
export function namesOf(files: readonly string[]): string {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `${files.slice(0, NAMED).map(quoted).join(', ')}${more}`;
}

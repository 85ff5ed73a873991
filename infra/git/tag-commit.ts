import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import type { FarSide } from './far-side.ts';
import type { Mirror } from './mirror.ts';
import { isReadableBranch, quoted } from './ref-names.ts';
import { gitFailed } from './run-git.ts';

/** The commit that a tag of the far side names, brought into the mirror. null: there is no such tag. FactoryError `tag-refused`. */
export async function tagCommit(mirror: Mirror, side: FarSide, tag: string): Promise<string | null> {
  if (!isReadableBranch(tag)) {
    throw new FactoryError(
      'tag-refused',
      `The tag ${quoted(tag)} holds characters that the factory does not pass to git.`,
      {
        fix: 'Name a tag that has only letters, digits and . _ / + @ - in it, or a day.',
      },
    );
  }
  const { address, options, call } = await side.reach('copy');
  const target = `refs/releases/${createHash('sha256').update(tag).digest('hex').slice(0, 32)}`;
  const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--no-recurse-submodules', ...options];
  const fetched = await mirror.run([...args, '--', address, `+refs/tags/${tag}:${target}`], call);
  if (/couldn't find remote ref/.test(fetched.stderr)) return null;
  if (fetched.exitCode !== 0) throw side.explain(fetched.stderr) ?? gitFailed({ args }, fetched.stderr);
  const named = await mirror.run(['rev-parse', '--verify', `${target}^{commit}`]);
  return named.exitCode === 0 ? named.stdout.toString('utf8').trim() : null;
}

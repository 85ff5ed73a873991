import { FactoryError } from '#src/errors.ts';
import { git } from './run-git.ts';

/** 2.38 brought `git merge-tree --write-tree` and `safe.bareRepository`. */
const OLDEST = [2, 38] as const;

/** Says which git there is. Throws FactoryError `git-missing` or `git-too-old`. */
export async function probeGit(): Promise<{ version: string }> {
  const said = await git({ args: ['version'], workingFolder: '/' });
  const [, version = '', major = '0', minor = '0'] = /^git version ((\d+)\.(\d+)\S*)/.exec(said) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST;
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)) {
    throw new FactoryError(
      'git-too-old',
      `The factory needs git ${OLDEST.join('.')} or later; this machine has ${version || said.trim()}.`,
      {
        fix: 'Update git, then start again.',
      },
    );
  }
  return { version };
}

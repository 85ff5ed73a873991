import { FactoryError } from '#src/errors.ts';
import { type LocatedRepository, locateRepository } from './locate-repository.ts';
import { quoted } from './ref-names.ts';
import { receivePack, uploadPack } from './remote-programs.ts';
import type { GitCall } from './run-git.ts';

/** The repository that a mirror copies from and pushes to, as git reaches it. */
export interface FarSide {
  /** For people, quoted. */
  readonly name: string;
  /** Looks whether it can be used for that. FactoryError says why not. */
  reach(use: 'list' | 'copy' | 'push'): Promise<Reach>;
  /** What git's complaint means here; null: nothing that this side knows of. */
  explain(stderr: string): FactoryError | null;
}

export interface Reach {
  /** A full path or a URL. */
  address: string;
  /** The program at the far end, where git does not know it by itself. */
  options: readonly string[];
  call: Pick<GitCall, 'env' | 'settings'> & { trusted: readonly string[] };
}

/** A folder of this machine. Throws what `locateRepository` throws; `repo-shallow` where its history would be copied. */
export function folderSide(path: string): FarSide {
  return {
    name: quoted(path),
    async reach(use) {
      const repository = await locateRepository(path);
      if (use === 'copy' && repository.shallow) throw shallow(path);
      const program = programAt(repository, use);
      return { address: path, options: [program], call: { trusted: [program] } };
    },
    explain: () => null,
  };
}

function programAt({ owner }: LocatedRepository, use: 'list' | 'copy' | 'push'): string {
  return use === 'push' ? receivePack(owner) : uploadPack(owner);
}

function shallow(path: string): FactoryError {
  return new FactoryError(
    'repo-shallow',
    `${quoted(path)} holds only a part of its history, and the factory needs all of it.`,
    { fix: 'Run `git fetch --unshallow` there, then try again.' },
  );
}

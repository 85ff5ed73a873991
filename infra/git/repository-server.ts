import type { RepositoryFacts } from '#src/ports/workspace.ts';
import type { FarSide } from './far-side.ts';
import { folderSide } from './far-side.ts';
import { inspectRepository } from './inspect-repository.ts';

/** A place where repositories live that are no folders of this machine. */
export interface RepositoryServer {
  /** Whether what a person typed, or what was kept, names a repository there. */
  names(path: string): boolean;
  /** Looks at one. The facts carry the path as it is to be kept. Errors: see `Workspace.inspect`. */
  inspect(path: string, base?: string): Promise<RepositoryFacts>;
  /** `path` as it was kept. */
  sideOf(path: string): FarSide;
}

/** What no server names is a folder. */
export const folders: RepositoryServer = {
  names: () => true,
  inspect: inspectRepository,
  sideOf: folderSide,
};

import type { Ecosystem } from '#src/ports/vulnerabilities.ts';

/** One package that a manifest asks for. */
export interface Dependency {
  ecosystem: Ecosystem;
  /** As its registry compares names. */
  name: string;
  /** As it is written: a version, a range, a place; '' where nothing is said. */
  spec: string;
  /** The part of the manifest that names it, such as `devDependencies`. */
  field: string;
  /** Where it comes from when that is not simply the registry of its ecosystem, such as "a git repository". */
  from: string | null;
}

/** What a file says of the packages that a project wants. */
export interface Manifest {
  dependencies: Dependency[];
  /** Other lines of it that decide what is fetched or run, by their names: registries, install scripts. */
  settings: Map<string, string>;
}

/** One package as a lock file pins it. */
export interface LockedPackage {
  ecosystem: Ecosystem;
  name: string;
  /** The name that it is installed under; another one for an alias. */
  as: string;
  version: string;
  /** Its hash; null: none is written. */
  integrity: string | null;
  /** Where it is fetched from; null: not written, so the default of its tool. */
  resolved: string | null;
}

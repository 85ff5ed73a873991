import type { Ecosystem, PackageVersion } from '#src/ports/vulnerabilities.ts';
import type { LockChanges } from './compare-locks.ts';
import type { ManifestChanges, PlacedDependency } from './compare-manifests.ts';

/** How a manifest writes one exact version, not a range. */
const EXACT: Readonly<Record<Ecosystem, RegExp>> = {
  npm: /^=?v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/,
  PyPI: /^={2,3}\s*([\w.!+-]+)$/,
  Go: /^v?(\d+\.\d+\.\d+[\w.+-]*)$/,
  'crates.io': /^=\s*(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/,
  RubyGems: /^(?:=\s*)?(\d+(?:\.\w+)*)$/,
};

/**
 * What can be asked about: new or other packages at an exact version, from lock files and from manifests that pin one.
 * `unpinned`: named by a manifest, and no changed lock file says which version it is, or it comes from elsewhere.
 */
export function versionsToScan(
  manifests: Pick<ManifestChanges, 'added' | 'respecified'>,
  locks: readonly LockChanges[],
): { packages: PackageVersion[]; unpinned: PlacedDependency[] } {
  const found = new Map<string, PackageVersion>();
  const keep = ({ ecosystem, name, version }: PackageVersion) =>
    found.set(JSON.stringify([ecosystem, name, version]), { ecosystem, name, version });
  for (const { added } of locks)
    for (const locked of added) keep({ ...locked, version: locked.version.replace(/^v(?=\d)/, '') });
  const locked = new Set(locks.flatMap(({ added }) => added.map(({ ecosystem, name }) => `${ecosystem} ${name}`)));
  const unpinned: PlacedDependency[] = [];
  for (const dependency of [...manifests.added, ...manifests.respecified.map(({ after }) => after)]) {
    const { ecosystem, name, spec, from } = dependency;
    const version = from === null ? EXACT[ecosystem].exec(spec)?.[1] : undefined;
    if (version !== undefined) keep({ ecosystem, name, version });
    else if (from !== null || !locked.has(`${ecosystem} ${name}`)) unpinned.push(dependency);
  }
  return { packages: [...found.values()], unpinned };
}

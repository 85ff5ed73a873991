import type { FileTexts } from './compare-manifests.ts';
import type { LockedPackage } from './dependency.ts';
import { lockReader } from './locks.ts';
import { findNewPlaces } from './places.ts';

export interface LockChanges {
  file: string;
  /** Packages at a version that was not locked before. */
  added: LockedPackage[];
  /** How many packages, at their version, are not locked any more. */
  goneCount: number;
  /** Locked before at this version, with another hash or with one at all. */
  rehashed: LockedPackage[];
  /** New, and fetched or installed under the name of another one. */
  disguised: LockedPackage[];
  /** New, and fetched from no registry. */
  places: { host: string; address: string }[];
  /** Cannot be read as what it is; only `places` is known. */
  broken: boolean;
}

/** What a change does to the lock files. `registryHosts`: registries of the project's own. Other files are passed over. */
export function compareLocks(files: readonly FileTexts[], registryHosts: readonly string[]): LockChanges[] {
  return files.flatMap(({ path, before, after }): LockChanges[] => {
    const read = lockReader(path);
    if (read === null || after === null) return [];
    const places = findNewPlaces(before, after, registryHosts);
    const now = read === 'unknown' ? null : attempt(read, after);
    if (now === null || read === 'unknown')
      return [{ file: path, added: [], goneCount: 0, rehashed: [], disguised: [], places, broken: true }];
    const then = Map.groupBy((before === null ? [] : attempt(read, before)) ?? [], keyOf);
    const keys = new Set(now.map(keyOf));
    const added = now.filter((locked) => !then.has(keyOf(locked)));
    return [
      {
        file: path,
        added: [...new Map(added.map((locked) => [keyOf(locked), locked])).values()],
        goneCount: [...then.keys()].filter((key) => !keys.has(key)).length,
        rehashed: now.filter((locked) => isRehashed(locked, then.get(keyOf(locked)) ?? [])),
        disguised: now.filter((locked) => isDisguised(locked) && !isKnown(locked, then.get(keyOf(locked)) ?? [])),
        places,
        broken: false,
      },
    ];
  });
}

function attempt(read: (text: string) => LockedPackage[], text: string): LockedPackage[] | null {
  try {
    return read(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function keyOf({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}

/** Hashes of two kinds (`sha1-…`, `sha512-…`) cannot be compared; a lock file that is written anew often changes them. */
function isRehashed({ integrity }: LockedPackage, before: readonly LockedPackage[]): boolean {
  const hashes = before.flatMap((locked) => (locked.integrity === null ? [] : [locked.integrity]));
  if (hashes.length === 0 || hashes.length < before.length) return false;
  if (integrity === null) return true;
  const kind = kindOf(integrity);
  const sameKind = hashes.filter((hash) => kindOf(hash) === kind);
  return sameKind.length > 0 && !sameKind.includes(integrity);
}

function kindOf(hash: string): string {
  return /^[a-z0-9]+[-:]/.exec(hash)?.[0] ?? '';
}

/** The address of a package on a registry of npm holds its name: `…/name/-/name-1.0.0.tgz`. */
function isDisguised({ ecosystem, name, as, resolved }: LockedPackage): boolean {
  if (ecosystem !== 'npm') return false;
  if (as !== name) return true;
  const [, path] = /^https?:\/\/[^/]+\/(.*)\/-\//.exec(resolved ?? '') ?? [];
  if (path === undefined) return false;
  const decoded = path.replaceAll(/%2f/gi, '/').replaceAll('%40', '@');
  return decoded !== name && !decoded.endsWith(`/${name}`);
}

function isKnown(locked: LockedPackage, before: readonly LockedPackage[]): boolean {
  return before.some(({ as, resolved }) => as === locked.as && resolved === locked.resolved);
}

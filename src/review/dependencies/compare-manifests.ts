import type { Dependency, Manifest } from './dependency.ts';
import { manifestReader } from './manifests.ts';

/** One file as it was and as it would be. */
export interface FileTexts {
  path: string;
  /** null: no such file. */
  before: string | null;
  after: string | null;
}

export interface PlacedDependency extends Dependency {
  file: string;
}

export interface ManifestChanges {
  added: PlacedDependency[];
  removed: PlacedDependency[];
  /** In the same place, with another version or from elsewhere. */
  respecified: { before: PlacedDependency; after: PlacedDependency }[];
  /** To another part of the file, or to another file. */
  moved: { before: PlacedDependency; after: PlacedDependency }[];
  settings: { file: string; key: string; before: string | null; after: string | null }[];
  /** Files that cannot be read as what they are; nothing is known of them. */
  broken: string[];
}

/** What the manifests of a change do to what is depended on. Other files are passed over. */
export function compareManifests(files: readonly FileTexts[]): ManifestChanges {
  const changes: ManifestChanges = { added: [], removed: [], respecified: [], moved: [], settings: [], broken: [] };
  for (const { path, before, after } of files) {
    const read = manifestReader(path);
    if (read === null) continue;
    if (read === 'unknown') {
      changes.broken.push(path);
      continue;
    }
    const now = attempt(read, after);
    if (now === null) changes.broken.push(path);
    // What could not be read before counts as empty: all that is there now is new.
    else compareOne(path, attempt(read, before) ?? EMPTY, now, changes);
  }
  return pairMoved(changes);
}

const EMPTY: Manifest = { dependencies: [], settings: new Map() };

function attempt(read: (text: string) => Manifest, text: string | null): Manifest | null {
  if (text === null) return EMPTY;
  try {
    return read(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function compareOne(file: string, before: Manifest, after: Manifest, changes: ManifestChanges): void {
  const then = byPlace(before.dependencies);
  const now = byPlace(after.dependencies);
  for (const place of new Set([...then.keys(), ...now.keys()])) {
    const specs = (list: readonly Dependency[]) => new Set(list.map(({ spec }) => spec));
    const [were, are] = [then.get(place) ?? [], now.get(place) ?? []];
    const gone = were.filter(({ spec }) => !specs(are).has(spec));
    const come = are.filter(({ spec }) => !specs(were).has(spec));
    come.forEach((dependency, index) => {
      const old = gone[index];
      if (old === undefined) changes.added.push({ ...dependency, file });
      else changes.respecified.push({ before: { ...old, file }, after: { ...dependency, file } });
    });
    changes.removed.push(...gone.slice(come.length).map((dependency) => ({ ...dependency, file })));
  }
  for (const key of new Set([...before.settings.keys(), ...after.settings.keys()])) {
    const [was, is] = [before.settings.get(key) ?? null, after.settings.get(key) ?? null];
    if (was !== is) changes.settings.push({ file, key, before: was, after: is });
  }
}

function byPlace(dependencies: readonly Dependency[]): Map<string, Dependency[]> {
  const places = new Map<string, Dependency[]>();
  for (const dependency of dependencies) {
    const place = JSON.stringify([dependency.field, dependency.name]);
    const known = places.get(place);
    if (known === undefined) places.set(place, [dependency]);
    else known.push(dependency);
  }
  return places;
}

/** One that goes from one place and comes in another has moved; at most once each. */
function pairMoved(changes: ManifestChanges): ManifestChanges {
  const nameOf = ({ ecosystem, name }: Dependency) => `${ecosystem} ${name}`;
  const gone = Map.groupBy(changes.removed, nameOf);
  const added: PlacedDependency[] = [];
  const moved: ManifestChanges['moved'] = [];
  for (const after of changes.added) {
    const before = gone.get(nameOf(after))?.shift();
    if (before === undefined) added.push(after);
    else moved.push({ before, after });
  }
  return { ...changes, added, moved, removed: [...gone.values()].flat() };
}

import { capped, listed, quote } from '../quote.ts';
import type { LockChanges } from './compare-locks.ts';
import type { ManifestChanges, PlacedDependency } from './compare-manifests.ts';

/** Where a manifest names what it needs to run; the others are said. */
const MAIN_FIELDS: ReadonlySet<string> = new Set(['dependencies', 'requirements', 'require', 'gems']);
const MAX_NAMED = 6;
const MAX_NOTES = 12;

/** What a change does to what is depended on, in sentences; the most telling first, and never many. */
export function noteDependencies(manifests: ManifestChanges, locks: readonly LockChanges[]): string[] {
  const { added, removed, respecified, moved, settings, broken } = manifests;
  const elsewhere = [
    ...added,
    ...respecified.map(({ after }) => after),
    ...moved.filter(({ before, after }) => before.spec !== after.spec).map(({ after }) => after),
  ].filter(({ from }) => from !== null);
  const notes = [
    ...locks.flatMap(noteLock),
    ...elsewhere.map(
      (dependency) =>
        `${dependency.file}: ${quote(dependency.name)} comes from ${dependency.from}: ${quote(dependency.spec)}.`,
    ),
    ...settings.map(noteSetting),
    ...byFile(added).map(
      ([file, list]) =>
        `${file}: ${list.length} new ${list.length === 1 ? 'dependency' : 'dependencies'}: ${named(list)}.`,
    ),
    ...byFile(respecified.map(({ before, after }) => ({ ...after, spec: `${before.spec} → ${after.spec}` }))).map(
      ([file, list]) => `${file}: other versions: ${named(list)}.`,
    ),
    ...byFile(moved.map(({ before, after }) => ({ ...after, was: placeOf(before, after) }))).map(
      ([file, list]) =>
        `${file}: moved: ${listed(
          list.map(({ name, was, field }) => `${quote(name)} from ${was} to ${field}`),
          MAX_NAMED,
        )}.`,
    ),
    ...byFile(removed).map(([file, list]) => `${file}: no longer there: ${named(list)}.`),
    ...broken.map((file) => `${file}: names dependencies, and they could not be read and compared.`),
  ];
  return capped(notes, MAX_NOTES, 'changes of dependencies');
}

function noteLock(lock: LockChanges): string[] {
  const { file, added, goneCount, rehashed, disguised, places, broken } = lock;
  return [
    ...places
      .slice(0, MAX_NAMED)
      .map(
        ({ host, address }) => `${file}: fetches from ${quote(host)}, which is no known registry: ${quote(address)}.`,
      ),
    ...(places.length > MAX_NAMED ? [`${file}: fetches from ${places.length - MAX_NAMED} more such places.`] : []),
    ...(rehashed.length === 0
      ? []
      : [`${file}: the same version has another hash than before, or none: ${packages(rehashed)}.`]),
    ...(disguised.length === 0
      ? []
      : [
          `${file}: installed under the name of another package: ${listed(
            disguised.map(
              ({ as, name, resolved }) => `${quote(as)} is ${quote(as === name ? (resolved ?? '') : name)}`,
            ),
            MAX_NAMED,
          )}.`,
        ]),
    ...(added.length === 0 && goneCount === 0
      ? []
      : [
          `${file}: ${added.length} new package ${added.length === 1 ? 'version' : 'versions'}${added.length === 0 ? '' : ` (${packages(added)})`}, ${goneCount} no longer locked.`,
        ]),
    ...(broken ? [`${file}: pins dependencies, and could not be read and compared.`] : []),
  ];
}

function noteSetting({ file, key, before, after }: ManifestChanges['settings'][number]): string {
  if (after === null) return `${file}: ${quote(key)} is gone.`;
  const said = key === after ? quote(key) : `${quote(key)}: ${quote(after)}`;
  const runs = key.startsWith('scripts.') ? ', which runs by itself on an install or a pack' : '';
  return `${file}: ${said} is ${before === null ? 'new' : 'changed'}${runs}.`;
}

function byFile<Entry extends PlacedDependency>(list: readonly Entry[]): [string, Entry[]][] {
  return [...Map.groupBy(list, ({ file }) => file)];
}

function named(list: readonly PlacedDependency[]): string {
  return listed(
    list.map(({ name, spec, field }) => {
      const where = MAIN_FIELDS.has(field) ? '' : ` in ${field.replaceAll('`', "'")}`;
      return `${quote(spec === '' ? name : `${name} ${spec}`)}${where}`;
    }),
    MAX_NAMED,
  );
}

function packages(list: LockChanges['added']): string {
  return listed(
    list.map(({ name, version }) => quote(`${name} ${version}`)),
    MAX_NAMED,
  );
}

function placeOf(before: PlacedDependency, after: PlacedDependency): string {
  return before.file === after.file ? before.field : `${before.field} of ${before.file}`;
}

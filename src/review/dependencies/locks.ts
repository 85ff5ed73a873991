import { parse } from 'smol-toml';
import * as z from 'zod';
import type { LockedPackage } from './dependency.ts';
import { tableAt } from './toml-tables.ts';

const READERS: readonly { pattern: RegExp; read: (text: string) => LockedPackage[] }[] = [
  { pattern: /(^|\/)(?:package-lock|npm-shrinkwrap)\.json$/, read: readPackageLock },
  { pattern: /(^|\/)pnpm-lock\.yaml$/, read: readPnpmLock },
  { pattern: /(^|\/)yarn\.lock$/, read: readYarnLock },
  { pattern: /(^|\/)(?:poetry|uv|pdm)\.lock$/, read: (text) => readTomlLock(text, 'PyPI') },
  { pattern: /(^|\/)Cargo\.lock$/, read: (text) => readTomlLock(text, 'crates.io') },
  { pattern: /(^|\/)Pipfile\.lock$/, read: readPipfileLock },
  { pattern: /(^|\/)(?:Gemfile|[\w.-]+\.gemfile)\.lock$/, read: readGemfileLock },
  { pattern: /(^|\/)go\.sum$/, read: readGoSum },
];

const OTHERS =
  /(^|\/)(?:bun\.lockb?|deno\.lock|composer\.lock|packages\.lock\.json|Podfile\.lock|mix\.lock|pubspec\.lock|gradle\.lockfile|go\.work\.sum)$/;

/** How the packages of this lock file are read. null: it is none. 'unknown': it is one, and its packages cannot be read here. */
export function lockReader(path: string): ((text: string) => LockedPackage[]) | 'unknown' | null {
  return READERS.find(({ pattern }) => pattern.test(path))?.read ?? (OTHERS.test(path) ? 'unknown' : null);
}

const NpmEntry = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
});
const Table = z.record(z.string(), z.unknown());
/** Of lock files of npm 6, which nest; deeper trees than this are not made. */
const MAX_DEPTH = 50;

function readPackageLock(text: string): LockedPackage[] {
  const root = Table.parse(JSON.parse(text));
  const packages = Table.safeParse(root['packages']);
  if (!packages.success) return npmTree(root['dependencies'], 0);
  return Object.entries(packages.data).flatMap(([place, value]) => {
    const at = place.lastIndexOf('node_modules/');
    // Others are the project's own folders.
    return at === -1 ? [] : npmPackage(place.slice(at + 'node_modules/'.length), value);
  });
}

function npmTree(value: unknown, depth: number): LockedPackage[] {
  const table = Table.safeParse(value);
  if (!table.success || depth > MAX_DEPTH) return [];
  return Object.entries(table.data).flatMap(([name, entry]) => [
    ...npmPackage(name, entry),
    ...npmTree(tableAt(entry)['dependencies'], depth + 1),
  ]);
}

function npmPackage(as: string, value: unknown): LockedPackage[] {
  const entry = NpmEntry.safeParse(value);
  if (!entry.success || entry.data.link === true) return [];
  const { name = as, version = '', resolved = null, integrity = null } = entry.data;
  return [{ ecosystem: 'npm', name, as, version, resolved, integrity }];
}

/** No tool writes longer ones, and patterns take their time with them. */
const MAX_LINE_CHARACTERS = 4000;

/** Keys of `packages:` are `name@1.0.0`, `/name@1.0.0` or `/name/1.0.0`, with peers behind. */
function readPnpmLock(text: string): LockedPackage[] {
  const found: LockedPackage[] = [];
  let inPackages = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.length > MAX_LINE_CHARACTERS) continue;
    if (/^\S/.test(line)) inPackages = line.startsWith('packages:');
    const key = inPackages
      ? /^ {2}(['"]?)\/?((?:@[^/@\s]+\/)?[^/@\s]+)[@/]([^('"\s:_]+).*:\s*(?:\{.*\})?$/.exec(line)
      : null;
    if (key !== null) {
      found.push({
        ecosystem: 'npm',
        name: key[2] ?? '',
        as: key[2] ?? '',
        version: key[3] ?? '',
        resolved: null,
        integrity: null,
      });
      continue;
    }
    const last = inPackages ? found.at(-1) : undefined;
    const integrity = /\bintegrity: ?['"]?([\w+/=-]+)/.exec(line)?.[1];
    if (last !== undefined && integrity !== undefined) last.integrity = integrity;
    const tarball = /\btarball: ?['"]?([^'"\s,}]+)/.exec(line)?.[1];
    if (last !== undefined && tarball !== undefined) last.resolved = tarball;
  }
  return found;
}

/** Both forms of yarn: a head that names what is asked for, then indented lines. */
function readYarnLock(text: string): LockedPackage[] {
  const found: LockedPackage[] = [];
  let last: LockedPackage | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (line.length > MAX_LINE_CHARACTERS) continue;
    const asked = /^"?((?:@[^/\s"]+\/)?[^@\s",/]+)@([^",]*).*:$/.exec(line);
    if (asked !== null) {
      const [, as = '', range = ''] = asked;
      const name = /^npm:((?:@[^/]+\/)?[^@]+)@/.exec(range)?.[1] ?? as;
      last = { ecosystem: 'npm', name, as, version: '', resolved: null, integrity: null };
      found.push(last);
    } else if (/^\S/.test(line)) last = null;
    else if (last !== null) {
      const [, key, value] = /^ {2}(version|resolved|integrity|checksum):? "?([^"]+?)"?$/.exec(line) ?? [];
      if (key === 'version') last.version = value ?? '';
      else if (key === 'resolved') last.resolved = value ?? '';
      else if (key !== undefined) last.integrity = value ?? '';
    }
  }
  // Yarn's own entry for the project has no place that it comes from.
  return found.filter(({ version }) => version !== '' && version !== '0.0.0-use.local');
}

function readTomlLock(text: string, ecosystem: 'PyPI' | 'crates.io'): LockedPackage[] {
  const packages = tableAt(parse(text))['package'];
  return (Array.isArray(packages) ? packages : []).flatMap((value: unknown): LockedPackage[] => {
    const { name, version, checksum, source } = tableAt(value);
    if (typeof name !== 'string' || typeof version !== 'string') return [];
    const resolved = typeof source === 'string' ? source : source === undefined ? null : JSON.stringify(source);
    // Cargo writes no source for crates of the project itself.
    if (ecosystem === 'crates.io' && resolved === null) return [];
    return [
      { ecosystem, name, as: name, version, resolved, integrity: typeof checksum === 'string' ? checksum : null },
    ];
  });
}

function readPipfileLock(text: string): LockedPackage[] {
  const root: unknown = JSON.parse(text);
  return ['default', 'develop'].flatMap((part) =>
    Object.entries(tableAt(root, part)).flatMap(([name, value]): LockedPackage[] => {
      const { version } = tableAt(value);
      return typeof version === 'string'
        ? [{ ecosystem: 'PyPI', name, as: name, version: version.replace(/^==/, ''), resolved: null, integrity: null }]
        : [];
    }),
  );
}

function readGemfileLock(text: string): LockedPackage[] {
  return [...text.matchAll(/^ {4}([\w.-]+) \(([^)\s]+)\)\r?$/gm)].map(([, name = '', version = '']) => ({
    ecosystem: 'RubyGems',
    name,
    as: name,
    version,
    resolved: null,
    integrity: null,
  }));
}

/** What is fetched, not only looked at: lines that end in `/go.mod` pin a module's file alone. */
function readGoSum(text: string): LockedPackage[] {
  return [...text.matchAll(/^(\S+) v(\S+) (h1:\S+)\r?$/gm)]
    .map(([, name = '', version = '', integrity = '']): LockedPackage => {
      return { ecosystem: 'Go', name, as: name, version, resolved: null, integrity };
    })
    .filter(({ version }) => !version.endsWith('/go.mod'));
}

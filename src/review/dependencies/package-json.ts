import * as z from 'zod';
import type { Dependency, Manifest } from './dependency.ts';

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
/** Other versions, or other packages, in place of what any package asks for. */
const OVERRIDES = ['overrides', 'resolutions', 'pnpm.overrides'];
/** Scripts that package managers run by themselves on an install or a pack (npm docs, "Life Cycle Scripts"). */
const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'prepublishOnly',
  'prepack',
  'postpack',
  'dependencies',
].map((name) => `scripts.${name}`);
const SETTINGS = [
  'packageManager',
  'workspaces',
  'bundleDependencies',
  'bundledDependencies',
  'allowScripts',
  'trustedDependencies',
  'pnpm.onlyBuiltDependencies',
  'pnpm.patchedDependencies',
  'dependenciesMeta',
  'publishConfig',
];
/** Deeper ones mean nothing to a package manager. */
const MAX_OVERRIDE_DEPTH = 8;

const Table = z.record(z.string(), z.unknown());

/** Throws where the text is no JSON object. */
export function readPackageJson(text: string): Manifest {
  const root = Table.parse(JSON.parse(text));
  const dependencies = [
    ...FIELDS.flatMap((field) => entriesAt(root, field).map(([name, spec]) => dependency(name, spec, field))),
    ...OVERRIDES.flatMap((field) => overridesIn(valueAt(root, field), field, 0)),
  ];
  const settings = [...INSTALL_SCRIPTS, ...SETTINGS].flatMap((key): [string, string][] => {
    const value = valueAt(root, key);
    return value === undefined ? [] : [[key, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  return { dependencies, settings: new Map(settings) };
}

function dependency(name: string, value: unknown, field: string): Dependency {
  const spec = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return { ecosystem: 'npm', name, spec, field, from: originOf(spec) };
}

function overridesIn(value: unknown, field: string, depth: number): Dependency[] {
  const table = Table.safeParse(value);
  if (!table.success || depth > MAX_OVERRIDE_DEPTH) return [];
  return Object.entries(table.data).flatMap(([name, inner]) =>
    typeof inner === 'string' ? [dependency(name, inner, field)] : overridesIn(inner, `${field} of ${name}`, depth + 1),
  );
}

/** What npm and its kin take for a place and not for a version (npm docs, "package spec"). */
function originOf(spec: string): string | null {
  if (spec.startsWith('npm:')) return 'another package';
  if (/^(?:workspace|catalog):/.test(spec)) return null;
  if (spec.startsWith('jsr:')) return 'the registry of JSR';
  if (/^(?:file|link|portal):|^\.{0,2}[/\\]|^~[/\\]|^[a-z]:[/\\]/i.test(spec)) return 'a folder or file';
  if (spec.startsWith('patch:')) return 'a patch';
  if (/^(?:git|ssh|github|gitlab|bitbucket|gist)[+:@]|^[\w.-]+@[\w.-]+:|^[\w.-]+\/[^@\s]+$|\.git(?:#|$)/i.test(spec))
    return 'a git repository';
  if (/^https?:/i.test(spec)) return 'a web address';
  return /^[\w.\-+~^<>=|*$\s]*$/.test(spec) ? null : 'a place of an unknown kind';
}

function entriesAt(root: Readonly<Record<string, unknown>>, key: string): [string, unknown][] {
  const table = Table.safeParse(root[key]);
  return table.success ? Object.entries(table.data) : [];
}

function valueAt(root: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = root;
  for (const key of path.split('.')) {
    const table = Table.safeParse(value);
    // Not one that every object has, such as `constructor`.
    value = table.success && Object.hasOwn(table.data, key) ? table.data[key] : undefined;
  }
  return value;
}

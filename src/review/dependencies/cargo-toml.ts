import { parse } from 'smol-toml';
import type { Dependency, Manifest } from './dependency.ts';
import { tableAt } from './toml-tables.ts';

const FIELDS = ['dependencies', 'dev-dependencies', 'build-dependencies'];

/** `Cargo.toml`. Throws where it is no TOML. */
export function readCargoToml(text: string): Manifest {
  const root = parse(text);
  const parts: [string, Readonly<Record<string, unknown>>][] = [
    ...FIELDS.map((field): [string, Readonly<Record<string, unknown>>] => [field, tableAt(root, field)]),
    ['workspace.dependencies', tableAt(root, 'workspace', 'dependencies')],
    ...Object.keys(tableAt(root, 'target')).flatMap((target) =>
      FIELDS.map((field): [string, Readonly<Record<string, unknown>>] => [
        `${field} of ${target}`,
        tableAt(root, 'target', target, field),
      ]),
    ),
    ...Object.keys(tableAt(root, 'patch')).map((source): [string, Readonly<Record<string, unknown>>] => [
      `patch.${source}`,
      tableAt(root, 'patch', source),
    ]),
    ['replace', tableAt(root, 'replace')],
  ];
  const build = tableAt(root, 'package')['build'];
  return {
    dependencies: parts.flatMap(([field, table]) =>
      Object.entries(table).map(([name, value]) => crate(name, value, field)),
    ),
    settings: new Map(build === undefined ? [] : [['package.build', JSON.stringify(build)]]),
  };
}

function crate(name: string, value: unknown, field: string): Dependency {
  const table = tableAt(value);
  const { version } = table;
  const plain = Object.keys(table).every((key) => PLAIN_KEYS.has(key));
  const spec =
    typeof value === 'string' ? value : plain && typeof version === 'string' ? version : JSON.stringify(value);
  const from =
    'git' in table
      ? 'a git repository'
      : 'registry' in table || 'registry-index' in table
        ? 'a registry of its own'
        : 'path' in table
          ? 'a folder'
          : 'package' in table
            ? 'another package'
            : null;
  return { ecosystem: 'crates.io', name, spec, field, from };
}

const PLAIN_KEYS = new Set(['version', 'features', 'optional', 'default-features', 'workspace']);

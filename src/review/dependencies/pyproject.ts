import { parse } from 'smol-toml';
import type { Dependency, Manifest } from './dependency.ts';
import { pythonName, readRequirement } from './requirement.ts';
import { tableAt, textsIn } from './toml-tables.ts';

/** Keys that say where packages come from or what builds them. */
const SETTINGS = [
  ['build-system', 'build-backend'],
  ['build-system', 'backend-path'],
  ['tool', 'uv', 'sources'],
  ['tool', 'uv', 'index'],
  ['tool', 'uv', 'index-url'],
  ['tool', 'uv', 'extra-index-url'],
  ['tool', 'uv', 'find-links'],
  ['tool', 'poetry', 'source'],
  ['tool', 'poetry', 'build'],
  ['tool', 'pdm', 'source'],
  ['source'],
];

/** `pyproject.toml` (PEP 621, PEP 735, poetry, uv, PDM) and `Pipfile`. Throws where it is no TOML. */
export function readPyproject(text: string): Manifest {
  const root = parse(text);
  const lists: [string, unknown][] = [
    ['dependencies', tableAt(root, 'project')['dependencies']],
    ...listsOf(root, 'optional-dependencies', 'project', 'optional-dependencies'),
    ...listsOf(root, 'dependency-groups', 'dependency-groups'),
    ...listsOf(root, 'dev-dependencies', 'tool', 'pdm', 'dev-dependencies'),
    ['tool.uv.dev-dependencies', tableAt(root, 'tool', 'uv')['dev-dependencies']],
    ['build-system', tableAt(root, 'build-system')['requires']],
  ];
  const groups = Object.keys(tableAt(root, 'tool', 'poetry', 'group'));
  const tables: [string, Readonly<Record<string, unknown>>][] = [
    ['tool.poetry.dependencies', tableAt(root, 'tool', 'poetry', 'dependencies')],
    ['tool.poetry.dev-dependencies', tableAt(root, 'tool', 'poetry', 'dev-dependencies')],
    ...groups.map((group): [string, Readonly<Record<string, unknown>>] => [
      `tool.poetry.group.${group}`,
      tableAt(root, 'tool', 'poetry', 'group', group, 'dependencies'),
    ]),
    ['packages', tableAt(root, 'packages')],
    ['dev-packages', tableAt(root, 'dev-packages')],
  ];
  const settings = SETTINGS.flatMap((path): [string, string][] => {
    const value = tableAt(root, ...path.slice(0, -1))[path.at(-1) ?? ''];
    return value === undefined ? [] : [[path.join('.'), JSON.stringify(value)]];
  });
  return {
    dependencies: [
      ...lists.flatMap(([field, list]) => textsIn(list).map((entry) => readRequirement(entry, field))),
      ...tables.flatMap(([field, table]) =>
        Object.entries(table)
          .filter(([name]) => name !== 'python')
          .map(([name, value]) => poetryDependency(name, value, field)),
      ),
    ],
    settings: new Map(settings),
  };
}

function listsOf(root: unknown, field: string, ...path: readonly string[]): [string, unknown][] {
  return Object.entries(tableAt(root, ...path)).map(([group, list]) => [`${field}.${group}`, list]);
}

function poetryDependency(name: string, value: unknown, field: string): Dependency {
  const table = tableAt(value);
  const spec = typeof value === 'string' ? value : JSON.stringify(value);
  const from =
    'git' in table
      ? 'a git repository'
      : 'url' in table
        ? 'a web address'
        : 'path' in table || 'file' in table
          ? 'a folder or file'
          : 'source' in table || 'index' in table
            ? 'a registry of its own'
            : null;
  return { ecosystem: 'PyPI', name: pythonName(name), spec, field, from };
}

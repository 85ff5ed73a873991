import { describe, expect, it } from 'vitest';
import { compareLocks } from '#src/review/dependencies/compare-locks.ts';
import type { ManifestChanges } from '#src/review/dependencies/compare-manifests.ts';
import { noteDependencies } from '#src/review/dependencies/note-dependencies.ts';
import { versionsToScan } from '#src/review/dependencies/versions-to-scan.ts';

const NOTHING: ManifestChanges = { added: [], removed: [], respecified: [], moved: [], settings: [], broken: [] };
const notes = (path: string, before: string | null, after: string | null, hosts: string[] = []) =>
  noteDependencies(NOTHING, compareLocks([{ path, before, after }], hosts));
const REGISTRY = 'https://registry.npmjs.org';
const entry = (name: string, version: string, more: object = {}) => ({
  version,
  resolved: `${REGISTRY}/${name}/-/${name}-${version}.tgz`,
  integrity: `sha512-${name}${version}`,
  ...more,
});
const npm = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'me' }, ...packages } });
const A = { 'node_modules/a': entry('a', '1.0.0') };

describe('package-lock.json', () => {
  it('tells how many packages come and go', () => {
    const after = npm({ 'node_modules/b': entry('b', '2.0.0'), 'node_modules/@s/c': entry('@s/c', '1.0.0') });
    expect(notes('package-lock.json', npm(A), after)).toEqual([
      'package-lock.json: 2 new package versions (`b 2.0.0`, `@s/c 1.0.0`), 1 no longer locked.',
    ]);
    expect(notes('package-lock.json', npm(A), npm(A))).toEqual([]);
  });

  it.each([
    'https://evil.example/a-1.0.0.tgz',
    'https://registry.npmjs.org.evil.example/a.tgz',
    'https://registry.npmjs.org@evil.example/a.tgz',
    'http://registry.npmjs.org/a/-/a-1.0.0.tgz',
    'https://registry.npmjs.org:8443/a/-/a-1.0.0.tgz',
    'https://codeload.github.com/x/y/tar.gz/main',
    'git+ssh://git@evil.example/x.git#abc',
  ])('tells a package that is fetched from elsewhere: %s (A15, C24)', (resolved) => {
    const [first] = notes(
      'package-lock.json',
      npm(A),
      npm({ ...A, 'node_modules/b': entry('b', '2.0.0', { resolved }) }),
    );
    expect(first).toMatch(/^package-lock\.json: fetches from `.+`, which is no known registry: /);
    expect(first).toContain(resolved);
  });

  it('tells it also where the address is spelled by numbers, or the file is no JSON (A15)', () => {
    const after = npm({ ...A, 'node_modules/b': entry('b', '2.0.0', { resolved: 'https://evil.example/b.tgz' }) });
    expect(notes('package-lock.json', npm(A), after.replace('https:', '\\u0068ttps:'))[0]).toContain('evil.example');
    expect(notes('package-lock.json', npm(A), `${after}}`)).toEqual([
      expect.stringContaining('evil.example'),
      'package-lock.json: pins dependencies, and could not be read and compared.',
    ]);
  });

  it("is calm about registries, the project's own one, and what was fetched from there before", () => {
    const own = (name: string) =>
      entry(name, '1.0.0', { resolved: `https://npm.example.org/${name}/-/${name}-1.0.0.tgz` });
    const after = npm({ ...A, 'node_modules/b': own('b') });
    const quiet = ['package-lock.json: 1 new package version (`b 1.0.0`), 0 no longer locked.'];
    expect(notes('package-lock.json', npm(A), after, ['npm.example.org'])).toEqual(quiet);
    expect(
      notes(
        'package-lock.json',
        npm({ ...A, 'node_modules/z': own('z') }),
        npm({ 'node_modules/z': own('z'), ...JSON.parse(after).packages }),
      ),
    ).toEqual(quiet);
    const words = entry('b', '2.0.0', {
      funding: { url: 'https://money.example/b' },
      deprecated: 'see https://words.example',
    });
    expect(notes('package-lock.json', npm(A), npm({ ...A, 'node_modules/b': words })).join()).not.toContain('fetches');
  });

  it('never takes a place for known where anybody can publish, whatever was used before (A15)', () => {
    const from = (name: string) => entry(name, '1.0.0', { resolved: `https://codeload.github.com/x/${name}/tar.gz/1` });
    const before = npm({ 'node_modules/z': from('z') });
    expect(
      notes('package-lock.json', before, npm({ 'node_modules/z': from('z'), 'node_modules/b': from('b') }))[0],
    ).toContain('codeload.github.com');
  });

  it.each([
    ['another hash', { integrity: 'sha512-evil' }],
    ['no hash', { integrity: undefined }],
  ])('tells a version that has %s now, also of a copy further down (A15, C24)', (_what, more) => {
    const said = 'package-lock.json: the same version has another hash than before, or none: `a 1.0.0`.';
    expect(notes('package-lock.json', npm(A), npm({ 'node_modules/a': entry('a', '1.0.0', more) }))).toEqual([said]);
    const copy = { ...A, 'node_modules/b/node_modules/a': entry('a', '1.0.0', more) };
    expect(notes('package-lock.json', npm(A), npm(copy))).toEqual([said]);
  });

  it.each([
    ['its address', entry('a', '2.0.0', { resolved: `${REGISTRY}/evil/-/evil-2.0.0.tgz` })],
    ['its name', entry('evil', '2.0.0', { name: 'evil' })],
  ])('tells a package under the name of another one by %s (A15)', (_what, value) => {
    const [first] = notes('package-lock.json', npm(A), npm({ 'node_modules/a': value }));
    expect(first).toMatch(/installed under the name of another package: `a` is `.*evil/);
  });

  it('reads the older form, which nests', () => {
    const old = JSON.stringify({
      dependencies: { a: { ...entry('a', '1.0.0'), dependencies: { b: entry('b', '1.0.0') } } },
    });
    expect(notes('npm-shrinkwrap.json', null, old)).toEqual([
      'npm-shrinkwrap.json: 2 new package versions (`a 1.0.0`, `b 1.0.0`), 0 no longer locked.',
    ]);
  });
});

describe('other lock files', () => {
  it.each([
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\r\npackages:\r\n\r\n  '@s/a@1.0.0':\r\n    resolution: {integrity: sha512-x}\r\n  b@2.0.0(a@1.0.0):\r\n    resolution: {tarball: https://evil.example/b.tgz}\r\nsnapshots:\r\n  c@3.0.0: {}\r\n",
      '`@s/a 1.0.0`, `b 2.0.0`',
    ],
    [
      'yarn.lock',
      '# yarn lockfile v1\n\n"@s/a@^1.0.0", "@s/a@^1.0.1":\n  version "1.0.2"\n  resolved "https://evil.example/a.tgz"\n\nb@^2:\n  version "2.0.0"\n',
      '`@s/a 1.0.2`, `b 2.0.0`',
    ],
    [
      'yarn.lock',
      '__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "a@https://evil.example/a.tgz"\n',
      '`a 1.0.0`',
    ],
    [
      'poetry.lock',
      '[[package]]\nname = "a"\nversion = "1.0"\n[package.source]\nurl = "https://evil.example/simple"\n',
      '`a 1.0`',
    ],
    [
      'Cargo.lock',
      '[[package]]\nname = "me"\nversion = "0.1.0"\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://evil.example/index"\n',
      '`a 1.0.0`',
    ],
    ['Gemfile.lock', 'GEM\n  remote: https://evil.example/\n  specs:\n    a (1.0.0)\n      b (~> 1)\n', '`a 1.0.0`'],
    [
      'Pipfile.lock',
      '{"_meta":{"sources":[{"url":"https://evil.example"}]},"default":{"a":{"version":"==1.0"}}}',
      '`a 1.0`',
    ],
  ])('are read: %s (A15)', (path, text, packages) => {
    const [first, second] = notes(path, null, text);
    expect(first).toContain('fetches from `evil.example`');
    expect(second).toContain(`(${packages})`);
  });

  it('are read: go.sum, whose hashes never change (A15)', () => {
    const before = 'a.example/a v1.0.0 h1:x=\na.example/a v1.0.0/go.mod h1:y=\n';
    expect(notes('go.sum', before, before.replace('h1:x=', 'h1:evil='))).toEqual([
      'go.sum: the same version has another hash than before, or none: `a.example/a 1.0.0`.',
    ]);
  });

  it('whose packages cannot be read are told, with the places that stand in them (A15)', () => {
    expect(notes('bun.lock', null, '"a": ["https://evil.example/a.tgz"]')).toEqual([
      expect.stringContaining('evil.example'),
      'bun.lock: pins dependencies, and could not be read and compared.',
    ]);
  });

  it('know crates.io by the name that Cargo writes', () => {
    const text =
      '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n';
    expect(notes('Cargo.lock', null, text)).toEqual([expect.stringContaining('1 new package version')]);
  });
});

it.each([
  ['package-lock.json', '"funding":['.repeat(100_000)],
  ['package-lock.json', 'a'.repeat(2_000_000)],
  ['pnpm-lock.yaml', `packages:\n  a@1${':'.repeat(500_000)}x\n`],
  ['yarn.lock', `a@${'@'.repeat(500_000)}\n`],
  ['package-lock.json', `${'{"dependencies":{"a":'.repeat(5_000)}1${'}}'.repeat(5_000)}`],
])('nothing is held up by what is made to be slow: %s', (path, text) => {
  expect(notes(path, null, text).length).toBeLessThan(14);
});

it('what is asked about are exact versions; the rest is named', () => {
  const dependency = (ecosystem: 'npm' | 'PyPI' | 'Go', name: string, spec: string, from: string | null = null) => ({
    ...{ file: 'f', field: 'dependencies', ecosystem, name, spec, from },
  });
  const added = [
    dependency('npm', 'a', '^1.0.0'),
    dependency('npm', 'exact', '1.2.3'),
    dependency('npm', 'range', '^3'),
    dependency('npm', 'odd', 'npm:evil@1.0.0', 'another package'),
    dependency('PyPI', 'flask', '==3.0.0'),
    dependency('Go', 'x.example/y', 'v1.2.3'),
  ];
  const locks = compareLocks([{ path: 'package-lock.json', before: null, after: npm(A) }], []);
  const { packages, unpinned } = versionsToScan({ added, respecified: [] }, locks);
  expect(packages.map(({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`)).toEqual([
    'npm a 1.0.0',
    'npm exact 1.2.3',
    'PyPI flask 3.0.0',
    'Go x.example/y 1.2.3',
  ]);
  expect(unpinned.map(({ name }) => name)).toEqual(['range', 'odd']);
});

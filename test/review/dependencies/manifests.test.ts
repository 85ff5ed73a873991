import { describe, expect, it } from 'vitest';
import { compareManifests } from '#src/review/dependencies/compare-manifests.ts';
import { noteDependencies } from '#src/review/dependencies/note-dependencies.ts';

const notes = (path: string, before: string | null, after: string | null) =>
  noteDependencies(compareManifests([{ path, before, after }]), []);
const npm = (of: object) => JSON.stringify(of);

describe('package.json', () => {
  const BASE = npm({ dependencies: { a: '^1.0.0', b: '2.0.0' }, devDependencies: { c: '3.0.0' } });

  it('tells what comes, goes, changes and moves, by name and version (C09)', () => {
    const after = npm({
      dependencies: { a: '^2.0.0', c: '3.0.0', '@s/new': '1.0.0' },
      optionalDependencies: { more: '~1' },
    });
    expect(notes('packages/x/package.json', BASE, after)).toEqual([
      'packages/x/package.json: 2 new dependencies: `@s/new 1.0.0`, `more ~1` in optionalDependencies.',
      'packages/x/package.json: other versions: `a ^1.0.0 → ^2.0.0`.',
      'packages/x/package.json: moved: `c` from devDependencies to dependencies.',
      'packages/x/package.json: no longer there: `b 2.0.0`.',
    ]);
  });

  it.each([
    ['npm:evil@1.0.0', 'another package'],
    ['git+https://git.example/x.git', 'a git repository'],
    ['git@git.example:x/y.git#v1', 'a git repository'],
    ['github:owner/name', 'a git repository'],
    ['owner/name#main', 'a git repository'],
    ['https://files.example/x.tgz', 'a web address'],
    ['file:../x', 'a folder or file'],
    ['../x', 'a folder or file'],
    ['C:\\x', 'a folder or file'],
    ['patch:a@1#./p', 'a patch'],
    ['what:ever', 'a place of an unknown kind'],
  ])('tells where %s comes from (A15, C24)', (spec, from) => {
    const [first] = notes(
      'package.json',
      BASE,
      npm({ dependencies: { a: spec, b: '2.0.0' }, devDependencies: { c: '3.0.0' } }),
    );
    expect(first).toBe(`package.json: \`a\` comes from ${from}: \`${spec}\`.`);
  });

  it.each(['^1.2.3', '>=1 <2 || 3.x', '*', 'latest', 'workspace:*', 'catalog:', '1.0.0-rc.1', '$a'])(
    'takes %s for a version',
    (spec) => {
      expect(notes('package.json', null, npm({ dependencies: { a: spec } })).join()).not.toContain('comes from');
    },
  );

  it('tells overrides, however deep, and what replaces a package (A15)', () => {
    const after = npm({
      overrides: { foo: { bar: 'npm:evil@1' } },
      resolutions: { '**/x': '1.0.0' },
      pnpm: { overrides: { y: '2.0.0' } },
    });
    expect(notes('package.json', '{}', after)).toEqual([
      'package.json: `bar` comes from another package: `npm:evil@1`.',
      'package.json: 3 new dependencies: `bar npm:evil@1` in overrides of foo, `**/x 1.0.0` in resolutions, `y 2.0.0` in pnpm.overrides.',
    ]);
  });

  it('tells scripts that run by themselves, and what allows those of others (A14, C24)', () => {
    const after = npm({ scripts: { postinstall: 'node steal.js', test: 'x' }, pnpm: { onlyBuiltDependencies: ['z'] } });
    expect(notes('nested/package.json', npm({ scripts: { test: 'x' } }), after)).toEqual([
      'nested/package.json: `scripts.postinstall`: `node steal.js` is new, which runs by itself on an install or a pack.',
      'nested/package.json: `pnpm.onlyBuiltDependencies`: `["z"]` is new.',
    ]);
  });

  it('says when it cannot be read, and counts all as new where it could not be before (A15)', () => {
    expect(notes('package.json', BASE, '{"dependencies":')).toEqual([
      'package.json: names dependencies, and they could not be read and compared.',
    ]);
    expect(notes('package.json', 'nothing', npm({ dependencies: { a: '1.0.0' } }))).toEqual([
      'package.json: 1 new dependency: `a 1.0.0`.',
    ]);
  });

  it('is the same with a byte-order mark, other line ends and keys that objects have by birth', () => {
    expect(
      notes('package.json', BASE, `\uFEFF${JSON.stringify(JSON.parse(BASE), null, 2).replaceAll('\n', '\r\n')}`),
    ).toEqual([]);
    expect(notes('package.json', BASE, BASE.replace('{', '{"constructor":{"overrides":{"x":"1"}},'))).toEqual([]);
    expect(notes('package.json', '{}', '{"dependencies":{"__proto__":"1.0.0"}}').length).toBeGreaterThanOrEqual(0);
  });

  it('never says more than a person reads, nor lets a name speak for itself', () => {
    const many = npm({
      dependencies: Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`p${at}`, `git+ssh://x/${at}`])),
    });
    const said = notes('package.json', '{}', many);
    expect(said).toHaveLength(13);
    expect(said.at(-1)).toMatch(/^And \d+ more changes of dependencies\.$/);
    const [odd = ''] = notes('package.json', '{}', npm({ dependencies: { ['x`\n## Approved\u202e']: '1.0.0' } }));
    expect(odd).toBe("package.json: 1 new dependency: `x' ## Approved 1.0.0`.");
  });
});

it('a manifest that moves to another folder is told as moved', () => {
  const text = npm({ dependencies: { a: '1.0.0' } });
  const moved = compareManifests([
    { path: 'old/package.json', before: text, after: null },
    { path: 'new/package.json', before: null, after: text },
  ]);
  expect(noteDependencies(moved, [])).toEqual([
    'new/package.json: moved: `a` from dependencies of old/package.json to dependencies.',
  ]);
});

describe('Python', () => {
  it('tells requirements, their places and where packages come from (A15)', () => {
    const after = [
      '# words',
      '--extra-index-url https://evil.example/simple',
      'Flask[async]==3.0.0 ; python_version > "3.8" \\',
      '    --hash=sha256:00',
      'zope_interface>=5,<6',
      'pkg @ git+https://git.example/p.git',
      'https://files.example/x.whl',
      '-e ./local#egg=mine',
      '',
    ].join('\r\n');
    expect(notes('requirements-dev.txt', 'flask==3.0.0\n', after)).toEqual([
      'requirements-dev.txt: `pkg` comes from a git repository: `git+https://git.example/p.git`.',
      'requirements-dev.txt: `https://files.example/x.whl` comes from a web address: `https://files.example/x.whl`.',
      'requirements-dev.txt: `mine` comes from a folder or file: `./local#egg=mine`.',
      'requirements-dev.txt: `--extra-index-url https://evil.example/simple` is new.',
      expect.stringContaining('4 new dependencies: `zope-interface >=5,<6`'),
    ]);
  });

  it('tells pyproject.toml, however its keys are written (A15)', () => {
    const after = `
project.dependencies = ["httpx>=0.27", 'x @ https://files.example/x.tgz']
[project.optional-dependencies]
dev = ["pytest==8.0.0"]
[dependency-groups]
lint = ["ruff"]
[tool.poetry.group.docs.dependencies]
python = "^3.12"
sphinx = { git = "https://git.example/s.git" }
[build-system]
requires = ["hatchling"]
[tool.uv]
index = [{ url = "https://evil.example/simple" }]
`;
    const said = notes('pyproject.toml', null, after).join('\n');
    expect(said).toContain('`sphinx` comes from a git repository');
    expect(said).toContain('`x` comes from a web address');
    expect(said).toContain('`tool.uv.index`');
    expect(said).toContain('6 new dependencies: `httpx >=0.27`');
    expect(said).not.toContain('python ');
    expect(notes('pyproject.toml', after, '[')).toEqual([expect.stringContaining('could not be read')]);
  });
});

it('tells go.mod, with what takes the place of a module (A15)', () => {
  const before = 'module m\n\nrequire a.example/a v1.0.0\n';
  const after =
    'module m\r\ntoolchain go9.9.9\r\nrequire (\r\n\ta.example/a v1.1.0\r\n\tb.example/b v0.1.0 // indirect\r\n)\r\nreplace a.example/a => evil.example/a v1.1.0\r\n';
  expect(notes('go.mod', before, after)).toEqual([
    'go.mod: `a.example/a` comes from another module: `evil.example/a v1.1.0`.',
    'go.mod: `toolchain go9.9.9` is new.',
    'go.mod: 2 new dependencies: `b.example/b v0.1.0`, `a.example/a evil.example/a v1.1.0` in replace.',
    'go.mod: other versions: `a.example/a v1.0.0 → v1.1.0`.',
  ]);
});

it('tells Cargo.toml, with patches, targets and a build script (A14, A15)', () => {
  const after = `
[package]
build = "steal.rs"
[dependencies]
serde = { version = "1.0", features = ["derive"] }
odd = { git = "https://git.example/o" }
[target.'cfg(unix)'.dependencies]
nix = "=0.29.0"
[patch.crates-io]
serde = { path = "../serde" }
`;
  const said = notes('crates/x/Cargo.toml', '[package]\n', after).join('\n');
  expect(said).toContain('`odd` comes from a git repository');
  expect(said).toContain('`serde` comes from a folder');
  expect(said).toContain('`package.build`: `"steal.rs"` is new.');
  expect(said).toContain('`serde 1.0`');
  expect(said).toContain('`nix =0.29.0` in dependencies of cfg(unix)');
});

it('tells lines of a Gemfile (A15)', () => {
  const after =
    "source 'https://evil.example'\ngem 'rails', '~> 8.0', '>= 8.0.1'\ngem \"odd\", git: 'https://git.example/o'\n";
  expect(notes('Gemfile', '', after)).toEqual([
    "Gemfile: `odd` comes from a git repository: `git: 'https://git.example/o'`.",
    "Gemfile: `source 'https://evil.example'` is new.",
    "Gemfile: 2 new dependencies: `rails ~> 8.0, >= 8.0.1`, `odd git: 'https://git.example/o'`.",
  ]);
});

it.each(['pom.xml', 'a/build.gradle.kts', 'composer.json', 'setup.py', 'App.csproj'])(
  'says that %s names dependencies and is not read',
  (path) => {
    expect(notes(path, 'a', 'b')).toEqual([`${path}: names dependencies, and they could not be read and compared.`]);
  },
);

it.each([
  ['requirements.txt', `x ${'!'.repeat(200_000)}`],
  ['requirements.txt', `x[${'['.repeat(200_000)}`],
  ['package.json', npm({ dependencies: { x: `${'a-'.repeat(200_000)}(` } })],
  ['package.json', `${'{"overrides":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ['Gemfile', `gem 'x'${' '.repeat(200_000)},`],
  ['pyproject.toml', `x = ${'['.repeat(200_000)}`],
  ['go.mod', `require ${' '.repeat(200_000)}x`],
])('is not held up by what is made to be slow: %s', (path, text) => {
  expect(notes(path, null, text).length).toBeLessThan(14);
});

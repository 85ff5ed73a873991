import { describe, expect, it } from 'vitest';
import { type CheckPlan, type DetectOptions, detectChecks } from '#src/qa/detect-checks.ts';
import { parseFactoryYaml } from '#src/qa/factory-yaml.ts';

const withTest = (script: string): string => JSON.stringify({ scripts: { test: script } });

function detect(
  files: Record<string, string>,
  yaml: string | null = null,
  options: DetectOptions = {},
): Promise<CheckPlan> {
  const rules = yaml === null ? null : parseFactoryYaml(yaml);
  return detectChecks(Object.keys(files), async (path) => files[path] ?? null, rules, options);
}
const commands = (plan: CheckPlan): string[] => plan.checks.map((check) => check.command);

describe('checks by marker file', () => {
  it.each([
    ['package.json', { 'package.json': withTest('mocha') }, 'npm test'],
    ['a Makefile', { Makefile: 'build:\n\ttrue\ntest: build\n\ttrue\n' }, 'make test'],
    ['a GNUmakefile', { GNUmakefile: 'test::\n\ttrue\n' }, 'make test'],
    ['pytest.ini', { 'pytest.ini': '' }, 'python3 -m pytest'],
    ['pyproject.toml', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, 'python3 -m pytest'],
    ['conftest.py', { 'pkg/conftest.py': '' }, 'python3 -m pytest'],
    ['tests/test_*.py', { 'tests/unit/test_a.py': '' }, 'python3 -m pytest'],
    ['go.mod', { 'go.mod': 'module x' }, 'go test -json ./...'],
  ])('finds %s', async (_, files: Record<string, string>, command) => {
    const plan = await detect(files);
    expect(commands(plan)).toEqual([command]);
    expect(plan.source).toBe('marker');
  });

  it.each([
    ['what npm init writes', { 'package.json': withTest('echo "Error: no test specified" && exit 1') }],
    ['a package without scripts', { 'package.json': '{}' }],
    ['a package that is no JSON', { 'package.json': '{' }],
    ['a script that is no text', { 'package.json': '{"scripts":{"test":["x"]}}' }],
    ['a Makefile that sets a variable', { Makefile: 'test := 1\ntests:\n\ttrue\n' }],
    ['a pyproject without pytest', { 'pyproject.toml': '[tool.black]\n' }],
    ['nothing', { 'README.md': '# hi' }],
  ])('finds none in %s', async (_, files: Record<string, string>) => {
    expect(await detect(files)).toEqual({ prepare: null, checks: [], source: 'none' });
  });

  it('takes the first of several', async () => {
    expect(commands(await detect({ 'go.mod': '', Makefile: 'test:\n', 'package.json': withTest('mocha') }))).toEqual([
      'npm test',
    ]);
  });
});

describe('what factory.yaml says', () => {
  it('comes before every marker', async () => {
    const plan = await detect(
      { 'package.json': withTest('mocha') },
      'checks: [{name: lint, run: make lint, report: out.xml, timeoutSeconds: 5}]',
    );
    expect(plan).toEqual({
      prepare: null,
      checks: [
        {
          name: 'lint',
          command: 'make lint',
          report: { from: 'repository', path: 'out.xml' },
          env: {},
          timeoutSeconds: 5,
        },
      ],
      source: 'factory.yaml',
    });
  });

  it('may be that there are none', async () => {
    const plan = await detect({ 'package.json': withTest('mocha') }, 'checks: []\nprepare: npm ci');
    expect(plan).toEqual({ prepare: null, checks: [], source: 'factory.yaml' });
  });

  it('leaves the checks to the markers where it is silent', async () => {
    expect((await detect({ 'package.json': withTest('mocha') }, 'approvers: [ada]')).source).toBe('marker');
  });
});

describe('prepare', () => {
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/a': {} } });
  const project = { 'package.json': withTest('mocha'), 'package-lock.json': lock };

  it('installs what the lockfile lists, without scripts, from the registry alone (C24, A14)', async () => {
    expect((await detect(project)).prepare).toEqual({
      command: 'npm ci --ignore-scripts',
      domains: ['registry.npmjs.org:443'],
      timeoutSeconds: 600,
    });
    expect((await detect(project, null, { registryHosts: ['npm.example.org'] })).prepare?.domains).toEqual([
      'npm.example.org',
    ]);
    expect((await detect(project, 'domains: [cdn.example.org]')).prepare?.domains).toEqual([
      'registry.npmjs.org:443',
      'cdn.example.org',
    ]);
  });

  it.each([
    ['a lockfile without dependencies', { ...project, 'package-lock.json': '{"packages":{"":{}}}' }, null],
    ['no lockfile', { 'package.json': withTest('mocha') }, null],
    ['factory.yaml against it', project, 'prepare: false'],
  ])('is nothing with %s', async (_, files: Record<string, string>, yaml) => {
    expect((await detect(files, yaml)).prepare).toBeNull();
  });

  it('is done where the lockfile could not be read', async () => {
    const plan = await detectChecks(
      Object.keys(project),
      async (path) => (path === 'package.json' ? project[path] : null),
      null,
    );
    expect(plan.prepare).not.toBeNull();
  });

  it('is what factory.yaml says, reaching what it lists', async () => {
    const yaml = 'prepare: {run: pip install -r r.txt, timeoutSeconds: 9}\ndomains: [pypi.org]';
    expect((await detect(project, yaml)).prepare).toEqual({
      command: 'pip install -r r.txt',
      domains: ['pypi.org'],
      timeoutSeconds: 9,
    });
    expect((await detect(project, 'prepare: npm ci')).prepare?.domains).toEqual(['registry.npmjs.org:443']);
    expect((await detect(project, 'prepare: make deps')).prepare?.domains).toEqual([]);
  });
});

describe('readable results', () => {
  const only = async (files: Record<string, string>, yaml: string | null = null) =>
    (await detect(files, yaml)).checks[0];

  it("asks Node's runner for TAP beside its own output", async () => {
    for (const [files, yaml] of [
      [{ 'package.json': withTest('node --test test/') }, null],
      [{ 'package.json': withTest('NODE_ENV=test node --enable-source-maps --test') }, null],
      [{ Makefile: 'test:\n\tnode --test\n' }, null],
      [{}, 'checks: [node --test]'],
    ] as [Record<string, string>, string | null][]) {
      const check = await only(files, yaml);
      expect(check?.report).toEqual({ from: 'reports', file: 'cases.tap' });
      expect(check?.env.NODE_OPTIONS).toContain('--test-reporter-destination={reports}/cases.tap');
    }
  });

  it('asks pytest for JUnit XML', async () => {
    const check = await only({ 'pytest.ini': '' });
    expect(check?.env).toEqual({ PYTEST_ADDOPTS: '--junitxml="{reports}/cases.xml"' });
  });

  it.each([
    ['vitest run', 'npm test -- --reporter=default --reporter=json --outputFile.json="$FACTORY_REPORTS/cases.json"'],
    ['jest --ci', 'npm test -- --json --outputFile="$FACTORY_REPORTS/cases.json"'],
    ['vitest run && eslint .', 'npm test'],
    ['mocha', 'npm test'],
  ])('for the script %j runs %s', async (script, command) => {
    expect((await only({ 'package.json': withTest(script) }))?.command).toBe(command);
  });

  it('reads the rest from what is printed', async () => {
    expect((await only({ 'go.mod': '' }))?.report).toEqual({ from: 'stdout' });
    expect((await only({ 'package.json': withTest('tape *.js') }))?.report).toEqual({ from: 'stdout' });
  });
});

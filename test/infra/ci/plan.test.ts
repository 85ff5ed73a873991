import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { planCi } from '#infra/ci/plan.ts';
import { readOwners } from '#infra/ci/read-owners.ts';
import { rulesetDocument } from '#infra/ci/ruleset.ts';
import { JOB_NAME, WORKFLOW_PATH } from '#infra/ci/workflow.ts';
import { parseFactoryYaml } from '#src/qa/factory-yaml.ts';
import { builtInProtectedPaths, matchesProtected } from '#src/qa/protected-paths.ts';

const NODE = {
  'package.json': '{"scripts": {"test": "vitest run"}}',
  'package-lock.json': '{"packages": {"": {}, "node_modules/vitest": {}}}',
};

function planOf(files: Readonly<Record<string, string | null>>, owners = ['@ana'], yaml: string | null = null) {
  return planCi({
    fileNames: Object.keys(files),
    readText: async (path) => files[path] ?? null,
    rules: yaml === null ? null : parseFactoryYaml(yaml),
    owners,
  });
}

const workflowIn = (plan: { files: ReadonlyMap<string, string> }) => plan.files.get(WORKFLOW_PATH) ?? '';

describe('the workflow of ci init', () => {
  it('runs what the project names, on pull requests, with the right to read the code and no other', async () => {
    const plan = await planOf(NODE, [], 'checks: [npm test, {name: "lint: all", run: "npm run lint && true"}]');
    const text = workflowIn(plan);
    expect(parse(text)).toMatchObject({
      on: { pull_request: null },
      permissions: { contents: 'read' },
      jobs: {
        [JOB_NAME]: {
          'timeout-minutes': 30,
          steps: [
            { with: { 'persist-credentials': false } },
            { with: { 'node-version': 'lts/*' } },
            { name: 'Prepare', run: 'npm ci --ignore-scripts' },
            { name: 'npm test', run: 'npm test' },
            { name: 'lint: all', run: 'npm run lint && true' },
          ],
        },
      },
    });
    expect(text).not.toMatch(/secrets|pull_request_target|write/);
    for (const [, uses] of text.matchAll(/uses: (.*)/g)) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40} # v[\d.]+$/);
  });

  it('runs the plain command of a check that was found, without what the factory adds to read its results', async () => {
    expect(parse(workflowIn(await planOf(NODE))).jobs[JOB_NAME].steps.at(-1)).toEqual({
      name: 'npm test',
      run: 'npm test',
    });
    const python = workflowIn(await planOf({ 'pytest.ini': '', '.python-version': '3.13' }));
    expect(python).toContain('actions/setup-python@');
    expect(python).toContain('python-version-file: .python-version');
    expect(workflowIn(await planOf({ 'go.mod': 'module x' }))).toContain('go-version-file: go.mod');
  });

  it('refuses a command that GitHub would change before it runs', async () => {
    await expect(planOf({}, [], 'checks: ["echo ${{ github.event.title }}"]')).rejects.toMatchObject({
      code: 'ci-command-refused',
    });
  });

  it('is not proposed where there are no checks, and that is said', async () => {
    const plan = await planOf({ 'README.md': '' }, []);
    expect(plan.files.size).toBe(0);
    expect(plan.said.join('\n')).toContain('No checks were found');
    expect(rulesetDocument({ baseBranch: 'main', ...plan }).rules.map(({ type }) => type)).not.toContain(
      'required_status_checks',
    );
  });

  it('is not proposed where one runs every check already', async () => {
    const ci = '.github/workflows/ci.yml';
    const on = (event: string, more = '') =>
      `on:\n  ${event}\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: |\n          npm ci\n          npm test\n${more}`;
    expect(workflowIn(await planOf({ ...NODE, [ci]: on('pull_request:') }))).toBe('');
    for (const text of [
      on('push:'),
      on('pull_request: {paths: [docs/**]}'),
      on('pull_request:', '        if: false\n'),
      on('pull_request:', '        continue-on-error: true\n'),
      'not: [yaml',
    ]) {
      const plan = await planOf({ ...NODE, [ci]: text });
      expect(workflowIn(plan)).not.toBe('');
      expect(plan.said).toContain(`${ci} is there and stays as it is.`);
    }
  });

  it('points at workflows that trust strangers', async () => {
    const plan = await planOf({ ...NODE, '.github/workflows/label.yml': 'on: [pull_request_target]\njobs: {}\n' });
    expect(plan.said.join('\n')).toContain('label.yml answers to pull_request_target');
  });

  it('that was proposed before stays as a person made it', async () => {
    const plan = await planOf({ ...NODE, [WORKFLOW_PATH]: 'on: push\njobs: {}\n' });
    expect(plan.files.has(WORKFLOW_PATH)).toBe(false);
    expect(plan.said.join('\n')).toContain('does not run "npm test" on every pull request');
  });
});

describe('the owners of ci init', () => {
  const OURS = '/factory.yaml @ana\n/factory/ @ana\n/.github/ @ana\n';
  const ownersOf = async (text: string, path = '.github/CODEOWNERS') =>
    (await planOf({ [path]: text })).files.get(path);

  it('own what the factory obeys', async () => {
    expect((await planOf({})).files.get('.github/CODEOWNERS')).toBe(OURS);
    expect(readOwners('ana, @ben,acme/platform,ana')).toEqual(['@ana', '@ben', '@acme/platform']);
    expect(() => readOwners('ana;ben')).toThrowError(expect.objectContaining({ code: 'usage' }));
  });

  it('are added above what is there, so that nobody loses a path', async () => {
    const text = '# ours\r\n/.github/workflows/release.yml @sec\r\n*.md @docs\r\n';
    expect(await ownersOf(text, 'docs/CODEOWNERS')).toBe(`${OURS}${text}`);
    expect(await ownersOf('/.github/* @sec\n')).toBe(`${OURS}/.github/* @sec\n`);
  });

  it('are not added where somebody was named already, or nobody on purpose', async () => {
    expect(await ownersOf('* @acme/all\n')).toBeUndefined();
    expect(await ownersOf('/.github/ @sec\n/factory/\n')).toBe('/factory.yaml @ana\n/.github/ @sec\n/factory/\n');
    const plan = await planOf({ CODEOWNERS: '* @acme/all\n' });
    expect(plan.said).toContain('CODEOWNERS decides about /factory/ in line 1 already; that stays.');
  });

  it('are asked for where none are named', async () => {
    const plan = await planOf({}, []);
    expect(plan.files.size).toBe(0);
    expect(plan.said.join('\n')).toContain('--owners LOGIN,LOGIN');
  });

  it('leave alone a file that is no text', async () => {
    const plan = await planOf({ CODEOWNERS: null });
    expect(plan.files.size).toBe(0);
    expect(plan.said.join('\n')).toContain('CODEOWNERS is no plain text');
  });
});

it('everything that ci init writes is refused to a task (C23)', async () => {
  for (const files of [NODE, { ...NODE, CODEOWNERS: '' }, { ...NODE, 'docs/CODEOWNERS': '' }]) {
    const paths = [...(await planOf(files)).files.keys()];
    expect(paths).toHaveLength(2);
    for (const path of paths) expect(matchesProtected(path, builtInProtectedPaths)).toBe(true);
  }
});

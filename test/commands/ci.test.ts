import { onTestFinished, describe, expect, it } from 'vitest';
import { CI_BRANCH } from '#infra/ci/propose.ts';
import { WORKFLOW_PATH } from '#infra/ci/workflow.ts';
import { ciCommand } from '#src/commands/ci.ts';
import { loadConfig } from '#src/config.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import { WORK_PERMISSIONS } from '#test/support/github/hub/setup.ts';
import { temporaryFolder, workingClone } from '#test/support/repository.ts';

const FILES = { 'package.json': '{"scripts": {"test": "node --test"}}\n', 'README.md': '# Example\n' };
const AS_ANA = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@example.invalid' };

function runCi(argv: string[], env: Record<string, string> = {}) {
  const cwd = temporaryFolder();
  const path = process.env['PATH'] ?? '';
  const host = { cwd, npmProgram: null, registryHost: null, path, env: { PATH: path, HOME: cwd, ...AS_ANA, ...env } };
  return ciCommand.run({ argv, config: loadConfig(env, cwd), cwd, host, json: true });
}

describe('ci init on a folder', () => {
  it('makes a branch in the name of who typed it, and leaves the folder as it is', async () => {
    const clone = workingClone(FILES);
    const before = clone.head();
    const { document, lines } = await runCi(['init', '--repo', clone.path, '--owners', 'ana']);
    expect(document).toMatchObject({ outcome: 'proposed', branch: CI_BRANCH, pullRequest: null });
    expect(clone.git('diff', '--name-status', `main..${CI_BRANCH}`).trim().split('\n')).toEqual([
      'A\t.github/CODEOWNERS',
      `A\t${WORKFLOW_PATH}`,
    ]);
    expect(clone.git('log', '-1', '--format=%an <%ae>', CI_BRANCH).trim()).toBe('Ana <ana@example.invalid>');
    expect(clone.head()).toBe(before);
    expect(clone.git('status', '--porcelain')).toBe('');
    expect(lines.join('\n')).toContain(`git merge ${CI_BRANCH}`);
    expect(lines.join('\n')).toContain('require review from Code Owners');
  });

  it('changes nothing the second time, nor once it is merged', async () => {
    const clone = workingClone(FILES);
    const words = ['init', '--repo', clone.path, '--owners', 'ana'];
    await runCi(words);
    const made = clone.head(CI_BRANCH);
    clone.commit({ 'more.txt': 'more\n' });
    expect(await runCi(words)).toMatchObject({ document: { outcome: 'already', headSha: made } });
    expect(clone.head(CI_BRANCH)).toBe(made);
    clone.git('merge', '-q', '--no-edit', CI_BRANCH);
    clone.git('branch', '-q', '-D', CI_BRANCH);
    expect(await runCi(words)).toMatchObject({ document: { outcome: 'nothing', branch: null, files: {} } });
    expect(clone.head(CI_BRANCH)).toBeNull();
  });

  it('leaves a branch of that name with other contents alone', async () => {
    const clone = workingClone(FILES);
    clone.git('branch', CI_BRANCH);
    const before = clone.head(CI_BRANCH);
    await expect(runCi(['init', '--repo', clone.path])).rejects.toMatchObject({ code: 'ci-branch-taken' });
    expect(clone.head(CI_BRANCH)).toBe(before);
  });

  it('does not propose in nobody’s name', async () => {
    const clone = workingClone(FILES);
    clone.git('config', 'user.useConfigOnly', 'true');
    const nobody = { GIT_AUTHOR_NAME: '', GIT_AUTHOR_EMAIL: '' };
    await expect(runCi(['init', '--repo', clone.path], nobody)).rejects.toMatchObject({ code: 'identity-unknown' });
  });

  it.each([[['init']], [['show', '--repo', '.']], [[]]])('answers %j with the line that works', async (argv) => {
    await expect(runCi(argv)).rejects.toMatchObject({ code: 'usage', fix: expect.stringContaining('ci init --repo') });
  });
});

describe('ci init on GitHub', () => {
  async function open() {
    const github = await startGitHub({ repositories: { 'acme/shop': { files: FILES } } });
    onTestFinished(async () => {
      await github.settled();
      await github.close();
      expect(github.violations).toEqual([]);
    });
    const words = ['init', '--repo', 'github:acme/shop', '--owners', 'ana'];
    const run = (token: { value: string }) =>
      runCi(words, { GITHUB_TOKEN: token.value, GITHUB_API_URL: github.apiUrl, GITHUB_URL: github.url });
    const { ana } = github.people;
    return { github, run, mayWriteWorkflows: ana.token({ permissions: { ...WORK_PERMISSIONS, workflows: 'write' } }) };
  }

  it('opens one draft, however often it is asked', async () => {
    const { github, run, mayWriteWorkflows } = await open();
    const first = await run(mayWriteWorkflows);
    expect(first).toMatchObject({ document: { outcome: 'proposed', pullRequest: { state: 'opened' } } });
    const again = await run(mayWriteWorkflows);
    expect(again).toMatchObject({ document: { outcome: 'already', pullRequest: { state: 'open' } } });
    const [call, ...more] = github.callsTo('pulls/create');
    expect(more).toEqual([]);
    expect(call).toBeDefined();
    expect(await github.git('log', '-1', '--format=%an', CI_BRANCH)).toBe('ana');
    expect(github.callsTo('pulls/update')).toEqual([]);
  });

  it('says which right is missing, and pushes nothing', async () => {
    const { github, run } = await open();
    await expect(run(github.people.ana.token())).rejects.toMatchObject({
      code: 'ci-workflows-refused',
      fix: expect.stringContaining('"Workflows"'),
    });
    expect(await github.head(CI_BRANCH)).toBeNull();
  });

  it('is for people, not for an app (C22)', async () => {
    const { github, run } = await open();
    const permissions = { ...WORK_PERMISSIONS, workflows: 'write' } as const;
    await expect(run(github.apps.workbench.token({ permissions }))).rejects.toMatchObject({ code: 'ci-needs-person' });
    expect(await github.head(CI_BRANCH)).toBeNull();
  });

  it('does not open again what a person closed', async () => {
    const { github, run, mayWriteWorkflows } = await open();
    await run(mayWriteWorkflows);
    github.people.ben.close(1);
    expect(await run(mayWriteWorkflows)).toMatchObject({ document: { pullRequest: { number: 1, state: 'closed' } } });
    expect(github.callsTo('pulls/create')).toHaveLength(1);
  });
});

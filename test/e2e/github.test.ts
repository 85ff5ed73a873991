import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import { DoctorDocument, ErrorDocument } from './support/documents.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

const REPOSITORY = 'github:acme/shop';

describe('run, on a repository of GitHub', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  let file: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    workbench = await createTestWorkbench();
    github = await startGitHub({ repositories: { 'acme/shop': { files: nodeProject } } });
    file = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    env = {
      GITHUB_TOKEN: github.apps.workbench.token().value,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_URL: github.url,
      APPROVERS: 'ana',
    };
  });
  afterEach(async () => {
    await github.settled();
    await github.close();
    await workbench.remove();
    if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
  });

  const run = (...words: string[]) => runFile(workbench, file, REPOSITORY, words, { env });

  it('opens a draft, waits for its checks, and merges exactly what was approved', async () => {
    github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
    const waiting = await run();
    expect(waiting).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', waitingFor: { who: 'ana' } }] });
    const number = waiting.tasks[0]?.pullRequest ?? 0;
    const branch = waiting.tasks[0]?.branch ?? '';
    const shown = await github.head(branch);
    expect(github.pull(number).pull).toMatchObject({ isDraft: true, headSha: shown });
    expect(github.issue(number).body).toContain('double(4) returns 8');

    const merged = await run('--approve-as', 'ana');
    expect(merged).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', pullRequest: number }] });
    expect(await github.head('main')).toBe(merged.tasks[0]?.mergedSha);
    const [, parent] = (await github.git('log', '-1', '--format=%P', 'main')).trim().split(' ');
    expect(parent).toBe(shown);
    expect(await github.git('log', '-1', '--format=%B', 'main')).toContain('Approved by ana');
    await expectSound(workbench);
  });

  it('is sent back by a check that fails, in the words of the check', async () => {
    github.ci.onPush((branch) =>
      branch.startsWith('factory/') ? { name: 'build', conclusion: 'failure', title: 'The build is red' } : null,
    );
    const before = await github.head('main');
    const blocked = await run('--approve-as', 'ana');
    expect(blocked.tasks[0]).toMatchObject({ state: 'blocked', mergedSha: null });
    expect(blocked.tasks[0]?.waitingFor?.text).toContain('The build is red');
    expect(await github.head('main')).toBe(before);
  });

  it('works through an App the same way, with tokens for one repository, and a halt leaves it none (C25, C28)', async () => {
    github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
    const { id, privateKey } = github.apps.workbench;
    const keyFile = path.join(workbench.folder, 'app.pem');
    writeFileSync(keyFile, privateKey);
    env = { ...env, GITHUB_TOKEN: '', GITHUB_APP_ID: String(id), GITHUB_APP_PRIVATE_KEY_FILE: keyFile };
    const before = new Set(github.hub.tokens.values());
    const merged = await run('--approve-as', 'ana');
    expect(merged).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(github.issue(merged.tasks[0]?.pullRequest ?? 0).author.login).toBe('workbench[bot]');
    const minted = [...github.hub.tokens.values()].filter((token) => !before.has(token));
    expect(minted.length).toBeGreaterThan(0);
    expect(minted.filter(({ repositoryIds }) => repositoryIds?.size !== 1)).toEqual([]);
    await expectSound(workbench);

    const linesOf = async () => DoctorDocument.parse((await workbench.run(['doctor'], { env })).document()).checks;
    expect(await linesOf()).toContainEqual({
      name: 'github acme/shop',
      state: 'ok',
      detail: 'The App may do all that it needs in acme/shop.',
      fix: null,
    });
    const asked = github.calls.length;
    const halted = await workbench.run(['halt'], { env });
    expect(halted.exitCode).toBe(0);
    expect(await linesOf()).toContainEqual(expect.objectContaining({ name: 'github', state: 'warning' }));
    expect(github.calls.slice(asked)).toEqual([]);
  });

  it('names what stands in the way when the repository or the token will not do', async () => {
    const refusalOf = async (repository: string, more: Record<string, string> = {}) => {
      const words = ['run', file, '--repo', repository, '--approve-as', 'ana'];
      return ErrorDocument.parse((await workbench.run(words, { env: { ...env, ...more } })).document()).error;
    };
    expect(await refusalOf('github:acme/nothing')).toMatchObject({ code: 'github-not-found' });
    expect(await refusalOf(REPOSITORY, { GITHUB_TOKEN: 'ghp_wrong' })).toMatchObject({ code: 'github-token-refused' });
    expect(await refusalOf(REPOSITORY, { GITHUB_TOKEN: '' })).toMatchObject({ code: 'github-not-set-up' });
    github.people.ana.archive();
    expect(await refusalOf(REPOSITORY)).toMatchObject({ code: 'repo-archived' });
  });
});

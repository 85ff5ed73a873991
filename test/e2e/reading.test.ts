import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import { crawlRoom } from './support/crawl.ts';
import { lookInside } from './support/look-inside.ts';
import { E2E_TIMEOUT_MS, runFile } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import { whatIsKept } from './support/what-is-kept.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('whoever only looks', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
    github = await startGitHub({ repositories: { 'acme/shop': { files: nodeProject } } });
  });
  afterEach(async () => {
    await github.close();
    await workbench.remove();
  });

  it('changes nothing: not the ledger, no row, no ref, nothing on GitHub, on any page of the room (C08)', async () => {
    const env = {
      GITHUB_TOKEN: github.apps.workbench.token().value,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_URL: github.url,
      APPROVERS: 'ana',
    };
    const file = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    const waiting = await runFile(workbench, file, 'github:acme/shop', [], { env });
    expect(waiting.tasks).toMatchObject([{ state: 'in-review' }]);

    await lookInside(
      workbench,
      async ({ workbench: opened, posts }) => {
        // Chat follows the ledger by itself; it is brought up to it before anybody looks.
        await posts({ kind: 'idea', id: waiting.conversationId });
        const refs = () => github.git('for-each-ref');
        const [kept, shown, since] = [await whatIsKept(opened), await refs(), github.calls.length];

        const { pages, unseen } = await crawlRoom(opened);
        expect([...pages].filter(([, { status }]) => status !== 200).map(([to]) => to)).toEqual([]);
        expect(unseen).toEqual([]);
        const diff = [...pages].find(([to]) => to.endsWith('/diff'));
        expect(diff?.[1].text).toContain('double');

        expect(await whatIsKept(opened)).toEqual(kept);
        expect(await refs()).toBe(shown);
        const asked = github.calls.slice(since).filter(({ method, operation }) => {
          return !['GET', 'HEAD'].includes(method) && operation !== 'git/upload-pack';
        });
        expect(asked.map(({ operation }) => operation)).toEqual([]);
      },
      env,
    );
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '#infra/postgres/database-url.ts';
import type { Workbench } from '#src/compose.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import { DOUBLE, done, use, writes } from '#test/support/scripted-team.ts';
import { everyForm, expectNowhere, formless } from './support/canary.ts';
import { crawlRoom } from './support/crawl.ts';
import { RunDocument } from './support/documents.ts';
import { lookEverywhere, openSink } from './support/look-everywhere.ts';
import { lookInside } from './support/look-inside.ts';
import { noCode, startTeam, writeTalk } from './support/model-runs.ts';
import { E2E_TIMEOUT_MS } from './support/runs.ts';
import { nodeProject } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('what the factory knows and nobody else should', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  let database: TestDatabase;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await github.settled();
    await github.close();
    await workbench.remove();
    await database.drop();
  });

  it('leaves by no way: sandbox, prompt, log, card, page, commit, pull request, webhook (A25, A24, C15, C17, C19)', async () => {
    const inEnvironment = formless('environment');
    const modelKey = formless('model-key');
    const webhookSecret = formless('webhook');
    const inGitConfig = formless('git-config');
    const inFile = formless('netrc');
    const inDatabaseUrl = parseDatabaseUrl(database.url).password ?? '';
    expect(inDatabaseUrl).not.toBe('');
    const home = path.join(workbench.folder, 'home');
    mkdirSync(home);
    writeFileSync(path.join(home, '.gitconfig'), `[http]\n\textraHeader = "X-Key: ${inGitConfig}"\n`);
    writeFileSync(path.join(home, '.netrc'), `machine example.org login me password ${inFile}\n`);

    const sink = await openSink();
    const noisy = lookEverywhere([home, workbench.folder, workbench.dataDir], sink.url);
    github = await startGitHub({
      repositories: { 'acme/shop': { files: { ...nodeProject, 'test/noisy.test.js': noisy } } },
    });
    github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
    const token = github.apps.workbench.token().value;
    const team = await startTeam({
      build: [
        use(
          ['read_file', { path: '.git/config', from: null, to: null }],
          ['read_file', { path: path.join(home, '.netrc'), from: null, to: null }],
          ['search', { pattern: 'extraHeader|password', regex: true, path: '' }],
        ),
        writes('src/double.js', DOUBLE.replace('n * 2', 'n * 3')),
        use(['run_check', { name: 'npm test' }]),
        done('Doubles a number.'),
      ],
    });
    const port = await freePort();
    const env = {
      ...team.env,
      HOME: home,
      DATABASE_URL: database.url,
      OPENAI_API_KEY: modelKey,
      DEPLOY_CANARY: inEnvironment,
      GITHUB_TOKEN: token,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_URL: github.url,
      GITHUB_WEBHOOK_SECRET: webhookSecret,
      GITHUB_WEBHOOK_PORT: String(port),
      APPROVERS: 'ana',
      LOG_LEVEL: 'debug',
    };
    const talk = writeTalk(workbench, 'Doubling', noCode);
    const words = ['run', talk, '--repo', 'github:acme/shop', '--write', '--approve-as', 'ana'];
    const ran = await workbench.run(words, { env });
    const result = RunDocument.parse(ran.document());
    expect(result.tasks).toMatchObject([{ state: 'merged', attempts: 2 }]);
    const requests = team.requests.map(({ body }) => JSON.stringify(body));
    // It looked, and found files; every way out was shut.
    expect(requests.join('\n').match(/LOOKED \d{1,4} \w+ \w+ \w+/g)?.[0]).toMatch(/ rejected rejected rejected$/);
    expect(sink.arrived).toEqual([]);

    const secrets = [inEnvironment, modelKey, webhookSecret, inGitConfig, inFile, inDatabaseUrl, token];
    await lookInside(
      workbench,
      async ({ workbench: opened, events, artifacts, posts }) => {
        const [task] = result.tasks;
        expectNowhere(secrets.flatMap(everyForm), {
          requests,
          'what the command said': [ran.stdout],
          log: [`the log: ${ran.stderr}`],
          ledger: events.map((event) => JSON.stringify(event)),
          artifacts: artifacts.map(({ content }) => content),
          cards: [
            ...(await posts({ kind: 'task', id: task?.id ?? '' })),
            ...(await posts({ kind: 'idea', id: result.conversationId })),
          ].map((post) => JSON.stringify(post)),
          pages: [...(await crawlRoom(opened)).pages.values()].map(({ text }) => text),
          commits: [await github.git('log', '--all', '-p', '--format=%an %ae %B')],
          'calls of GitHub': github.calls.map(({ path: to, query, body }) => JSON.stringify([to, query, body])),
          'webhook answers': await webhookAnswers(opened, `http://127.0.0.1:${port}/github/webhooks`),
        });
      },
      env,
    );
  });
});

async function webhookAnswers(workbench: Workbench, url: string): Promise<string[]> {
  const surfaces = await workbench.startSurfaces(() => {});
  try {
    const tries: RequestInit[] = [
      { method: 'GET' },
      { method: 'POST', body: '{}' },
      { method: 'POST', body: '{}', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
      { method: 'POST', body: 'x'.repeat(100), headers: { 'content-type': 'text/plain' } },
    ];
    return await Promise.all(
      tries.map(async (init) => {
        const answer = await fetch(url, init);
        return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      }),
    );
  } finally {
    await surfaces.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { checkGitHub, type GitHubChecked } from '#infra/forge/github/doctor/check-github.ts';
import { whileGoing } from '#infra/forge/github/while-going.ts';
import { haltedError } from '#src/code-factory/halt.ts';
import type { CheckView } from '#src/desk/desk.ts';
import type { Token } from '#test/support/github/hub/types.ts';
import { withApp } from './app/with-app.ts';

/** The doctor's lines as `state name: detail`, and by name. */
function shown(checks: readonly CheckView[]) {
  const line = ({ name, state, detail }: CheckView): string => `${state} ${name}: ${detail}`;
  return { lines: checks.map(line), fixOf: (name: string) => checks.find((one) => one.name === name)?.fix ?? null };
}

async function withDoctor(options: Parameters<typeof withApp>[0] = {}) {
  const harness = await withApp(options);
  const { place, app, credentials, clock } = harness;
  const look = (
    access: Pick<GitHubChecked, 'token' | 'app' | 'credentials'> & Partial<GitHubChecked>,
    ...names: string[]
  ) => checkGitHub({ ...place, webhook: null, ...access }, names, clock).then(shown);
  return {
    ...harness,
    asApp: (...names: string[]) => look({ token: null, app, credentials }, ...names),
    asToken: ({ value }: Pick<Token, 'value'>, ...names: string[]) =>
      look({ token: value, app: null, credentials: fixedToken(value) }, ...names),
    look,
  };
}

const POLLED = 'ok github webhooks: No GITHUB_WEBHOOK_SECRET is set, so GitHub is asked every few minutes.';

describe('the doctor on GitHub', () => {
  it('names the account of a token, what it cannot read, and what protects the default branch', async () => {
    const { github, asToken } = await withDoctor();
    const { ana } = github.people;
    ana.protect('main', { kind: 'ruleset', requiredApprovals: 1, requiredChecks: ['build'] });
    const { host } = new URL(github.apiUrl);
    expect((await asToken(ana.token(), 'acme/shop')).lines).toEqual([
      `ok github: GITHUB_TOKEN is of @ana at ${host}.`,
      'ok github acme/shop: The token reads all that it needs in acme/shop. Whether it may write, only its first write can tell.',
      expect.stringMatching(/^ok github acme\/shop main: main demands .*1 approval.*the check build/),
      POLLED,
    ]);
    const narrow = ana.token({ permissions: { contents: 'read', issues: 'write' } });
    const { lines, fixOf } = await asToken(narrow, 'acme/shop');
    expect(lines[1]).toBe(
      'missing github acme/shop: The token may not read, in acme/shop: pull requests, checks, commit statuses.',
    );
    expect(fixOf('github acme/shop')).toContain('checks and commit statuses to read');
  });

  it('says that nothing protects the default branch', async () => {
    const { github, asToken } = await withDoctor();
    const { lines, fixOf } = await asToken(github.people.ana.token(), 'acme/shop');
    expect(lines[2]).toBe(
      'warning github acme/shop main: Nothing protects main: whoever may push can pass by the review.',
    );
    expect(fixOf('github acme/shop main')).toContain('ci init');
  });

  it('says what cannot be known of a token on a public repository', async () => {
    const { github, asToken } = await withDoctor({ repositories: { 'acme/shop': { isPublic: true } } });
    const { lines } = await asToken(github.people.ana.token(), 'acme/shop');
    expect(lines[1]).toContain('cannot be known before it writes');
  });

  it('tells a token that is not taken, one of an App, and whose account may not write', async () => {
    const { github, workbench, asToken } = await withDoctor();
    const wrong = await asToken({ value: 'github_pat_wrong' }, 'acme/shop');
    expect(wrong.lines).toEqual([expect.stringContaining('does not take GITHUB_TOKEN.'), POLLED]);
    expect((await asToken(workbench.token())).lines[0]).toContain('ends within the hour');
    github.people.ana.setLevel('ben', 'read');
    const reader = await asToken(github.people.ben.token(), 'acme/shop');
    expect(reader.lines[1]).toContain('may not write to acme/shop');
    expect(JSON.stringify([wrong, reader])).not.toContain('github_pat_');
  });

  it('warns of a token that reaches too far, and of one that ends soon', async () => {
    const { github, look } = await withDoctor();
    const until = new Date(github.clock.nowMs() + 3.5 * 86_400_000).toISOString();
    const ending = { 'github-authentication-token-expiration': until.slice(0, 19).replace('T', ' ').concat(' UTC') };
    for (const [headers, says] of [
      [{ 'x-oauth-scopes': 'repo, gist' }, 'It reaches everything that @ana does (repo, gist).'],
      [{ 'x-oauth-scopes': '', ...ending }, 'It ends in 3 days.'],
    ] as const) {
      const server = createServer((_request, response) => {
        const answer = { 'content-type': 'application/json', ...headers };
        response.writeHead(200, answer).end(JSON.stringify({ login: 'ana' }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { lines } = await look({ token: 'ghp_1', app: null, credentials: fixedToken('ghp_1'), apiUrl });
      expect(lines[0]).toContain(says);
    }
  });

  it('names the rights that an App lacks, and where it is not installed', async () => {
    const { github, workbench, asApp } = await withDoctor({ apps: { workbench: { repositories: ['shop'] } } });
    const { lines } = await asApp('acme/shop', 'acme/secret');
    expect(lines[0]).toContain('writes as workbench[bot]; each of its tokens is for one repository.');
    expect(lines[1]).toBe('ok github acme/shop: The App may do all that it needs in acme/shop.');
    expect(lines[3]).toBe('missing github acme/secret: The App is not installed on acme/secret.');
    workbench.allow({ contents: 'read', pull_requests: 'write', checks: 'read' });
    const fewer = await asApp('acme/shop');
    expect(fewer.lines[1]).toBe(
      'missing github acme/shop: The App may not, in acme/shop: contents (write), issues (write), statuses (read).',
    );
    expect(github.calls.filter(({ method }) => !['GET', 'POST'].includes(method))).toEqual([]);
  });

  it('says of each repository that it is archived, renamed or not to be seen', async () => {
    const { github, asToken } = await withDoctor();
    const { ana } = github.people;
    const token = ana.token();
    expect((await asToken(token, 'acme/none')).lines[1]).toMatch(/^missing github acme\/none: GitHub could not look/);
    ana.archive();
    expect((await asToken(token, 'acme/shop')).lines[1]).toBe(
      'missing github acme/shop: acme/shop is archived: it is read and not written.',
    );
    ana.renameRepository('store');
    const renamed = await asToken(token, 'acme/shop');
    expect(renamed.lines[1]).toContain('is called acme/store on GitHub now');
    expect(renamed.fixOf('github acme/shop')).toContain('github:acme/store');
  });

  it('tries the port of webhooks, and tells another program there', async () => {
    const { github, look } = await withDoctor();
    const token = github.people.ana.token().value;
    let status = 401;
    const server = createServer((_request, response) => void response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const webhook = { port, secret: 'a secret for tests' };
    const lineOf = async () =>
      (await look({ token, app: null, credentials: fixedToken(token), webhook })).lines.at(-1) ?? '';
    expect(await lineOf()).toMatch(/^ok github webhooks: Deliveries with the secret come in at port \d+/);
    status = 200;
    expect(await lineOf()).toMatch(/^missing github webhooks: Another program answers/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await lineOf()).toMatch(/^ok github webhooks: A secret is set. While `npm start` runs/);
    expect(await lineOf()).not.toContain(webhook.secret);
  });

  it('asks GitHub nothing while the factory is halted (C28)', async () => {
    const { github, look } = await withDoctor();
    const token = github.people.ana.token().value;
    const halted = async (): Promise<void> => {
      throw haltedError({ seq: 1, by: 'ada', at: '', reason: null, resumed: null });
    };
    const { lines } = await look({ token, app: null, credentials: whileGoing(fixedToken(token), halted) }, 'acme/shop');
    expect(lines).toEqual(['warning github: GitHub is not asked while the factory is halted.']);
    expect(github.calls).toEqual([]);
  });
});

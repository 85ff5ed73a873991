import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGitHubIssues } from '#infra/forge/github/issues.ts';
import { FactoryError } from '#src/errors.ts';
import { findAccount } from '#test/support/github/hub/hub.ts';
import { addComment } from '#test/support/github/rules/issues.ts';
import { temporaryFolder } from '#test/support/repository.ts';
import { SECRET, SHOP, tokensOf, withApp } from './with-app.ts';

const MINUTE_MS = 60_000;

async function refusalOf(call: Promise<unknown>): Promise<FactoryError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof FactoryError) return thrown;
  throw new Error(`Not refused with a FactoryError: ${String(thrown)}`);
}

describe('a token of the App', () => {
  it('is for one repository, and refused on every other (C25, A04)', async () => {
    const { github, credentials, clientFor } = await withApp();
    await credentials.tokenFor(SHOP, 'pull-requests');
    const [token] = tokensOf(github);
    expect([...(token?.repositoryIds ?? [])]).toEqual([github.repository('acme/shop').id]);
    const shop = clientFor(SHOP, 'pull-requests');
    await shop.ask('list', (octokit) => octokit.rest.pulls.list({ owner: 'acme', repo: 'shop' }));
    const elsewhere = shop.ask('list', (octokit) => octokit.rest.pulls.list({ owner: 'acme', repo: 'secret' }));
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'github-not-found' });
  });

  it('may do what its purpose takes and no more (C25)', async () => {
    const { github, credentials, clientFor } = await withApp();
    for (const purpose of ['fetch', 'push', 'issues', 'pull-requests', 'merge'] as const)
      await credentials.tokenFor(SHOP, purpose);
    expect(tokensOf(github).map(({ permissions }) => permissions)).toEqual([
      { contents: 'read' },
      { contents: 'write' },
      { issues: 'write' },
      { checks: 'read', contents: 'read', pull_requests: 'write', statuses: 'read' },
      { contents: 'write', pull_requests: 'write' },
    ]);
    const talk = clientFor(SHOP, 'issues').ask('list', (octokit) =>
      octokit.rest.pulls.list({ owner: 'acme', repo: 'shop' }),
    );
    expect(await refusalOf(talk)).toMatchObject({ code: 'github-forbidden' });
  });

  it('is minted once for all who ask, and again shortly before its end (C25, F24)', async () => {
    const { github, credentials } = await withApp();
    const asked = await Promise.all([1, 2, 3].map(() => credentials.tokenFor(SHOP, 'fetch')));
    expect(new Set(asked).size).toBe(1);
    github.clock.advance(54 * MINUTE_MS);
    expect(await credentials.tokenFor(SHOP, 'fetch')).toBe(asked[0]);
    github.clock.advance(2 * MINUTE_MS);
    expect(await credentials.tokenFor(SHOP, 'fetch')).not.toBe(asked[0]);
    expect(github.callsTo('apps/create-installation-access-token')).toHaveLength(2);
    expect(github.callsTo('apps/get-repo-installation')).toHaveLength(1);
  });

  it('is renewed once where GitHub no longer takes it, and then said (F24)', async () => {
    const { github, credentials, clientFor } = await withApp();
    await credentials.tokenFor(SHOP, 'issues');
    for (const token of tokensOf(github)) github.revoke(token);
    const list = () =>
      clientFor(SHOP, 'issues').ask('list issues', (octokit) =>
        octokit.rest.issues.listForRepo({ owner: 'acme', repo: 'shop' }),
      );
    expect((await list()).status).toBe(200);
    expect(tokensOf(github)).toHaveLength(2);
    github.faults.status('issues/list-for-repo', 401, { times: 2 });
    expect(await refusalOf(list())).toMatchObject({ code: 'github-token-refused' });
    expect(tokensOf(github)).toHaveLength(3);
  });

  it('is written by no error (C15, C25)', async () => {
    const { github, credentials, clientFor } = await withApp();
    const token = await credentials.tokenFor(SHOP, 'issues');
    const refused = clientFor(SHOP, 'issues').ask('read', (octokit) =>
      octokit.rest.pulls.get({ owner: 'acme', repo: 'shop', pull_number: 1 }),
    );
    const error = await refusalOf(refused);
    expect(JSON.stringify([error.message, error.fix, error.stack, error.cause])).not.toContain(token);
    expect(github.hub.tokens.has(token)).toBe(true);
  });
});

describe('giving up (C28)', () => {
  it('revokes every token that is in use, also one that is just being made', async () => {
    const { github, credentials } = await withApp();
    await credentials.tokenFor(SHOP, 'fetch');
    await credentials.tokenFor(SECRET, 'push');
    const late = credentials.tokenFor(SHOP, 'merge');
    expect(await credentials.giveUp()).toEqual({ revoked: 3, left: 0 });
    await late;
    expect(tokensOf(github).map(({ isRevoked }) => isRevoked)).toEqual([true, true, true]);
    expect(credentials.holdsAny()).toBe(false);
    const again = await credentials.tokenFor(SHOP, 'merge');
    expect(github.hub.tokens.get(again)?.isRevoked).toBe(false);
  });

  it('keeps what could not be revoked, and tries it again', async () => {
    const { github, credentials } = await withApp();
    await credentials.tokenFor(SHOP, 'fetch');
    github.faults.status('apps/revoke-installation-access-token', 502);
    expect(await credentials.giveUp()).toEqual({ revoked: 0, left: 1 });
    expect(credentials.holdsAny()).toBe(true);
    expect(await credentials.giveUp()).toEqual({ revoked: 1, left: 0 });
  });

  it('holds nothing any more once the hour is over', async () => {
    const { github, credentials } = await withApp();
    await credentials.tokenFor(SHOP, 'fetch');
    github.clock.advance(61 * MINUTE_MS);
    expect(credentials.holdsAny()).toBe(false);
  });
});

describe('an App that cannot work says what to do', () => {
  it('not installed on the repository, or no longer', async () => {
    const { github, workbench, credentials } = await withApp({ apps: { workbench: { repositories: ['shop'] } } });
    expect(await refusalOf(credentials.tokenFor(SECRET, 'fetch'))).toMatchObject({
      code: 'github-app-not-installed',
      message: 'The App is not installed on acme/secret.',
      fix: expect.stringContaining(`${github.url}/apps/workbench/installations/new`),
    });
    await credentials.tokenFor(SHOP, 'fetch');
    workbench.installOn('secret');
    github.clock.advance(60 * MINUTE_MS);
    expect(await refusalOf(credentials.tokenFor(SHOP, 'fetch'))).toMatchObject({ code: 'github-app-not-installed' });
    await credentials.tokenFor(SECRET, 'fetch');
  });

  it('suspended, before and while it works', async () => {
    const { github, workbench, credentials, clientFor } = await withApp();
    workbench.suspend();
    const said = {
      code: 'github-app-suspended',
      fix: expect.stringContaining(`/settings/installations/${workbench.installationId}`),
    };
    expect(await refusalOf(credentials.tokenFor(SHOP, 'fetch'))).toMatchObject(said);
    workbench.unsuspend();
    await credentials.tokenFor(SHOP, 'fetch');
    workbench.suspend();
    const list = clientFor(SHOP, 'fetch').ask('list branches', (octokit) =>
      octokit.rest.repos.listBranches({ owner: 'acme', repo: 'shop' }),
    );
    expect(await refusalOf(list)).toMatchObject({ code: 'github-app-suspended' });
    github.clock.advance(60 * MINUTE_MS);
    expect(await refusalOf(credentials.tokenFor(SHOP, 'fetch'))).toMatchObject(said);
  });

  it('without a permission, which is named', async () => {
    const { workbench, credentials } = await withApp();
    workbench.allow({ contents: 'read', pull_requests: 'write', checks: 'read' });
    expect(await refusalOf(credentials.tokenFor(SHOP, 'pull-requests'))).toMatchObject({
      code: 'github-app-lacks-permissions',
      message: 'The App lacks permissions on acme/shop: statuses (read).',
    });
    expect(await refusalOf(credentials.tokenFor(SHOP, 'merge'))).toMatchObject({
      message: 'The App lacks permissions on acme/shop: contents (write).',
    });
    workbench.allow({ contents: 'write', pull_requests: 'write' });
    await expect(credentials.tokenFor(SHOP, 'merge')).resolves.toMatch(/^ghs_/);
  });

  it('with a number that nobody has, or the key of another App', async () => {
    const { credentialsOf } = await withApp();
    const unknown = credentialsOf({ id: '4711' }).tokenFor(SHOP, 'fetch');
    expect(await refusalOf(unknown)).toMatchObject({
      code: 'github-app-unknown',
      message: 'GitHub knows no App 4711.',
    });
    const { privateKey: pem } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const wrong = await refusalOf(credentialsOf({ key: { kind: 'pem', pem } }).tokenFor(SHOP, 'fetch'));
    expect(wrong).toMatchObject({ code: 'github-app-key-refused' });
    expect(JSON.stringify([wrong.message, wrong.fix, wrong.stack])).not.toContain(pem.slice(40, 80));
  });

  it.each([
    ['fast', 20],
    ['slow', -20],
  ])('on a machine whose clock is %s', async (_how, minutes) => {
    const { github, credentialsOf } = await withApp();
    const clock = { now: () => new Date(github.clock.nowMs() + minutes * MINUTE_MS) };
    expect(await refusalOf(credentialsOf({}, clock).tokenFor(SHOP, 'fetch'))).toMatchObject({
      code: 'github-clock-skew',
      fix: expect.stringContaining('Set the clock'),
    });
  });

  it('on a repository that was renamed, by the name it has now', async () => {
    const { github, credentials } = await withApp();
    github.people.ana.renameRepository('store');
    expect(await refusalOf(credentials.tokenFor(SHOP, 'fetch'))).toMatchObject({ code: 'repo-renamed' });
    await expect(credentials.tokenFor({ owner: 'acme', name: 'store' }, 'fetch')).resolves.toMatch(/^ghs_/);
  });
});

describe('the private key', () => {
  it('is read from its file when it is needed, and its client id names the App as well', async () => {
    const { workbench, credentialsOf } = await withApp();
    const file = path.join(temporaryFolder(), 'app.pem');
    const own = credentialsOf({ id: workbench.clientId, key: { kind: 'file', path: file } });
    expect(await refusalOf(own.tokenFor(SHOP, 'fetch'))).toMatchObject({
      code: 'github-app-key-unreadable',
      message: `The private key at ${file} cannot be read (ENOENT).`,
    });
    writeFileSync(file, 'no key');
    expect(await refusalOf(own.tokenFor(SHOP, 'fetch'))).toMatchObject({
      message: `${file} holds no RSA private key in PEM.`,
    });
    writeFileSync(file, workbench.privateKey);
    await expect(own.tokenFor(SHOP, 'fetch')).resolves.toMatch(/^ghs_/);
    expect(await own.botLogin()).toBe('workbench[bot]');
  });
});

describe('words on an issue', () => {
  it('are told to be its own by the name of its bot, and those of another bot are not', async () => {
    const { github, place, credentials, clock } = await withApp();
    const issues = createGitHubIssues({ ...place, credentials }, clock);
    const { number } = github.people.ana.openIssue({ title: 'Readable addresses' });
    await issues.comment('github:acme/shop', number, 'A question.');
    const ci = findAccount(github.hub, 'ci[bot]') ?? github.people.ben.account;
    addComment(github.hub, github.repository('acme/shop'), ci, github.issue(number), 'All green.');
    const said = await issues.comments('github:acme/shop', number);
    expect(said.map(({ author, isBot, isOwnAccount }) => [author, isBot, isOwnAccount])).toEqual([
      ['workbench[bot]', true, true],
      ['ci[bot]', true, false],
    ]);
  });
});

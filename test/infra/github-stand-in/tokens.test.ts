import { createSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

describe('a token', () => {
  it('that is wrong, revoked or expired is nobody: 401', async () => {
    const { github, octokitFor } = await openGithub();
    const { ana } = github.people;
    const ask = (token: Parameters<typeof octokitFor>[0]) => octokitFor(token).repos.get(SHOP);
    expect(await refusal(ask('github_pat_none'))).toMatchObject({ status: 401, data: { message: 'Bad credentials' } });
    const token = ana.token({ expiresInMs: 60_000 });
    await ask(token);
    github.clock.advance(61_000);
    expect((await refusal(ask(token))).status).toBe(401);
    const other = ana.token();
    await ask(other);
    github.revoke(other);
    expect((await refusal(ask(other))).status).toBe(401);
  });

  it('without a permission is refused, and told which it would take', async () => {
    const { github, octokitFor } = await openGithub();
    const reader = octokitFor(github.people.ana.token({ permissions: { issues: 'read' } }));
    const { number } = github.people.ana.openIssue({ title: 'x' });
    await reader.issues.get({ ...SHOP, issue_number: number });
    const comment = await refusal(reader.issues.createComment({ ...SHOP, issue_number: number, body: 'x' }));
    expect(comment.status).toBe(403);
    expect(comment.data.message).toBe('Resource not accessible by personal access token');
    expect(comment.headers['x-accepted-github-permissions']).toBe('issues=write; pull_requests=write');
    const contents = await refusal(reader.repos.getContent({ ...SHOP, path: 'README.md' }));
    expect(contents).toMatchObject({ status: 403, headers: { 'x-accepted-github-permissions': 'contents=read' } });
    const app = octokitFor(github.apps.workbench.token({ permissions: { contents: 'read' } }));
    const merge = await refusal(app.pulls.create({ ...SHOP, head: 'x', base: 'main', title: 'x' }));
    expect(merge).toMatchObject({ status: 403, data: { message: 'Resource not accessible by integration' } });
    expect(github.issue(number).comments).toEqual([]);
  });

  it('reaches its own repository and no other, of which it does not even know', async () => {
    const { github, octokitFor } = await openGithub({
      repositories: { 'acme/shop': {}, 'acme/secret': {}, 'acme/open': { isPublic: true } },
    });
    const narrow = octokitFor(github.people.ana.token({ repositories: ['acme/shop'] }));
    await narrow.repos.get(SHOP);
    expect((await refusal(narrow.repos.get({ owner: 'acme', repo: 'secret' }))).status).toBe(404);
    await narrow.repos.get({ owner: 'acme', repo: 'open' });
    const write = await refusal(narrow.issues.create({ owner: 'acme', repo: 'open', title: 'x' }));
    expect(write.status).toBe(403);
    const one = octokitFor(github.apps.workbench.token({ repositories: ['acme/shop'] }));
    expect((await refusal(one.repos.get({ owner: 'acme', repo: 'secret' }))).status).toBe(404);
    expect((await one.apps.listReposAccessibleToInstallation()).data.repositories).toHaveLength(1);
  });

  it('does no more than its account may', async () => {
    const { github, ben, octokitFor } = await openGithub();
    github.people.ana.setLevel('ben', 'read');
    expect((await refusal(ben.pulls.create({ ...SHOP, head: 'x', base: 'main', title: 'x' }))).status).toBe(403);
    github.people.ana.setLevel('ben', 'none');
    expect((await refusal(ben.repos.get(SHOP))).status).toBe(404);
    expect((await refusal(octokitFor(null).repos.get(SHOP))).status).toBe(404);
  });

  it('of a person makes no check runs, and that of one app changes none of another', async () => {
    const { github, app, octokitFor } = await openGithub();
    const { ana } = github.people;
    const head_sha = (await github.head('main')) ?? '';
    const person = octokitFor(ana.token({ permissions: { checks: 'write' } }));
    const made = await refusal(person.checks.create({ ...SHOP, name: 'test', head_sha }));
    expect(made).toMatchObject({ status: 403, data: { message: 'You must authenticate via a GitHub App.' } });
    const run = await github.ci.start(head_sha);
    const changed = app.checks.update({ ...SHOP, check_run_id: run.id, conclusion: 'success' });
    expect((await refusal(changed)).status).toBe(403);
  });
});

describe('an app', () => {
  it('proves itself by a JSON Web Token and gets an installation token for one repository', async () => {
    const { github, octokitFor } = await openGithub({ repositories: { 'acme/shop': {}, 'acme/secret': {} } });
    const { workbench } = github.apps;
    const nowS = Math.trunc(github.clock.nowMs() / 1000);
    const jwt = signed({ iss: workbench.id, iat: nowS - 60, exp: nowS + 540 }, workbench.privateKey);
    const itself = octokitFor(jwt);
    expect((await itself.apps.getAuthenticated()).data?.slug).toBe('workbench');
    const installation = (await itself.apps.getRepoInstallation(SHOP)).data;
    const { data } = await itself.apps.createInstallationAccessToken({
      installation_id: installation.id,
      repositories: ['shop'],
      permissions: { issues: 'write', contents: 'read' },
    });
    expect(data).toMatchObject({
      repository_selection: 'selected',
      permissions: { issues: 'write', contents: 'read' },
    });
    const narrow = octokitFor(data.token);
    await narrow.issues.create({ ...SHOP, title: 'x' });
    expect(github.issue(1).author.login).toBe('workbench[bot]');
    expect((await refusal(narrow.repos.get({ owner: 'acme', repo: 'secret' }))).status).toBe(404);
    expect((await refusal(narrow.git.createRef({ ...SHOP, ref: 'refs/heads/x', sha: 'x' }))).status).toBe(403);
    expect((await refusal(narrow.users.getAuthenticated())).status).toBe(403);
    github.clock.advance(3_600_001);
    expect((await refusal(narrow.repos.get(SHOP))).status).toBe(401);
  });

  it.each([
    { fault: 'a token that lives too long', claims: { exp: 900 }, says: 'too far in the future' },
    { fault: 'one that has expired', claims: { exp: -1 }, says: 'must be a numeric value' },
    { fault: 'one from the future', claims: { iat: 300 }, says: "'Issued at' claim" },
    { fault: 'another issuer', claims: { iss: 1 }, says: "'Issuer' claim" },
    { fault: 'another algorithm', claims: {}, alg: 'HS256', says: 'could not be decoded' },
    { fault: 'a spoilt signature', claims: {}, spoil: true, says: 'could not be decoded' },
  ])('is refused with $fault', async ({ claims, says, alg, spoil }) => {
    const { github, octokitFor } = await openGithub();
    const { workbench } = github.apps;
    const nowS = Math.trunc(github.clock.nowMs() / 1000);
    const { iss = workbench.id, iat = 0, exp = 540 } = claims as { iss?: number; iat?: number; exp?: number };
    const jwt = signed({ iss, iat: nowS + iat, exp: nowS + exp }, workbench.privateKey, alg);
    const text = spoil === true ? `${jwt.slice(0, -8)}AAAAAAAA` : jwt;
    const refused = await refusal(octokitFor(text).apps.getAuthenticated());
    expect(refused.status).toBe(401);
    expect(refused.message).toContain(says);
  });

  it('gives no permission that it does not have, and no repository that it is not installed on', async () => {
    const { github, octokitFor } = await openGithub({ apps: { workbench: { repositories: ['shop'] } } });
    const { workbench } = github.apps;
    const nowS = Math.trunc(github.clock.nowMs() / 1000);
    const itself = octokitFor(signed({ iss: workbench.clientId, iat: nowS, exp: nowS + 60 }, workbench.privateKey));
    const ask = (wish: object) =>
      refusal(itself.apps.createInstallationAccessToken({ installation_id: workbench.installationId, ...wish }));
    expect((await ask({ permissions: { administration: 'write' } })).status).toBe(422);
    expect((await ask({ repositories: ['secret'] })).status).toBe(422);
    expect((await ask({ installation_id: 1 })).status).toBe(404);
    expect((await refusal(itself.repos.get(SHOP))).status).toBe(404);
  });
});

function signed(claims: object, privateKey: string, alg = 'RS256'): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

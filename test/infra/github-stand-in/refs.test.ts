import { expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

it('makes a ref once, moves it forward only, unless forced, and deletes it', async () => {
  const { github, app } = await openGithub();
  const main = (await github.head('main')) ?? '';
  const one = await github.people.ben.push({ branch: 'one', files: { a: '1' } });
  const ref = { ...SHOP, ref: 'heads/factory/1' };
  const make = (sha: string) => app.git.createRef({ ...SHOP, ref: 'refs/heads/factory/1', sha });
  expect((await refusal(app.git.getRef(ref))).status).toBe(404);
  expect((await make(main)).data.object.sha).toBe(main);
  expect((await refusal(make(one))).message).toContain('Reference already exists');
  expect((await refusal(app.git.createRef({ ...SHOP, ref: 'refs/heads/x', sha: '1'.repeat(40) }))).message).toContain(
    'Object does not exist',
  );
  expect((await refusal(app.git.createRef({ ...SHOP, ref: 'refs/other/x', sha: one }))).status).toBe(422);
  expect((await app.git.updateRef({ ...ref, sha: one })).data.object.sha).toBe(one);
  expect((await refusal(app.git.updateRef({ ...ref, sha: main }))).message).toContain('not a fast forward');
  expect((await app.git.updateRef({ ...ref, sha: main, force: true })).data.object.sha).toBe(main);
  await app.git.deleteRef(ref);
  expect(await github.head('factory/1')).toBeNull();
  expect((await refusal(app.git.deleteRef(ref))).message).toContain('Reference does not exist');
});

it('keeps the rules of branches as a push does', async () => {
  const { github, app } = await openGithub();
  const { ana } = github.people;
  const before = await github.head('main');
  const sha = await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
  const move = (force = false) => refusal(app.git.updateRef({ ...SHOP, ref: 'heads/main', sha, force }));
  ana.protect('main', { requiresPullRequest: true });
  expect(await move()).toMatchObject({ status: 422, message: expect.stringContaining('through a pull request') });
  ana.protect('main', { requiredChecks: ['test'] });
  expect((await move()).message).toContain('"test" is expected');
  ana.protect('main', { pushers: ['ana'] });
  expect((await move(true)).message).toContain('not authorized to push');
  ana.protect('main');
  expect((await refusal(app.git.deleteRef({ ...SHOP, ref: 'heads/main' }))).message).toContain('Cannot delete');
  ana.unprotect('main');
  expect((await refusal(app.git.deleteRef({ ...SHOP, ref: 'heads/main' }))).message).toContain('Validation Failed');
  expect(await github.head('main')).toBe(before);
});

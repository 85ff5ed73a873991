import { describe, expect, it } from 'vitest';
import { folderSide } from '#infra/git/far-side.ts';
import { openMirror } from '#infra/git/mirror.ts';
import { pushRef } from '#infra/git/push-ref.ts';
import { silentLog } from '#src/ports/log.ts';
import { localHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

/** The forge looks before it pushes; these start where somebody else acted in between. */
describe('the lease of a push', () => {
  it('does not create a branch that has appeared, though git could move it forward', async () => {
    const { repo, baseSha, mirrorsDir, work, head, repository } = await localHarness();
    const mirror = await openMirror(mirrorsDir, repo.id, silentLog);
    const sha = await work(baseSha, { 'a.txt': 'a\n' });
    repository.git('update-ref', `refs/heads/${BRANCH}`, baseSha);
    expect((await pushRef(mirror, folderSide(repo.path), { branch: BRANCH, expectedSha: null, sha })).pushed).toBe(
      false,
    );
    expect(await head(BRANCH)).toBe(baseSha);
  });

  it('does not bring back a branch that a person removed, nor overwrite one that they moved (F23)', async () => {
    const { repo, baseSha, mirrorsDir, work, head, personCommits } = await localHarness();
    const mirror = await openMirror(mirrorsDir, repo.id, silentLog);
    const sha = await work(baseSha, { 'a.txt': 'a\n' });
    expect((await pushRef(mirror, folderSide(repo.path), { branch: BRANCH, expectedSha: baseSha, sha })).pushed).toBe(
      false,
    );
    expect(await head(BRANCH)).toBeNull();
    const theirs = await personCommits(BRANCH, { 'theirs.txt': 'x\n' });
    expect((await pushRef(mirror, folderSide(repo.path), { branch: BRANCH, expectedSha: baseSha, sha })).pushed).toBe(
      false,
    );
    expect(await head(BRANCH)).toBe(theirs);
  });

  it('replaces an earlier attempt of its own that nobody has touched', async () => {
    const { repo, baseSha, mirrorsDir, work, head } = await localHarness();
    const mirror = await openMirror(mirrorsDir, repo.id, silentLog);
    const first = await work(baseSha, { 'a.txt': 'first attempt\n' });
    const second = await work(baseSha, { 'a.txt': 'second attempt\n' });
    await pushRef(mirror, folderSide(repo.path), { branch: BRANCH, expectedSha: null, sha: first });
    expect(
      (await pushRef(mirror, folderSide(repo.path), { branch: BRANCH, expectedSha: first, sha: second })).pushed,
    ).toBe(true);
    expect(await head(BRANCH)).toBe(second);
  });

  it('moves the base only from where the approval saw it', async () => {
    const { repo, baseSha, mirrorsDir, work, merge, head, personDeletes } = await localHarness();
    const mirror = await openMirror(mirrorsDir, repo.id, silentLog);
    const mergeSha = await merge(baseSha, await work(baseSha, { 'a.txt': 'a\n' }));
    await personDeletes('main');
    expect(
      (await pushRef(mirror, folderSide(repo.path), { branch: 'main', expectedSha: baseSha, sha: mergeSha })).pushed,
    ).toBe(false);
    expect(await head('main')).toBeNull();
  });
});

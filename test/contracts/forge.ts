import { describe, expect, it } from 'vitest';
import type { Forge } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';

/** A forge with one repository behind it, and the two parties that act on it. */
export interface ForgeHarness {
  forge: Forge;
  repo: RepositoryRef;
  /** The base branch's head at the start. */
  baseSha: string;
  /** A commit of the factory's on top of `parentSha`, ready to be pushed. */
  work(parentSha: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** The prepared merge of `headSha` into `baseSha`; the same for the same arguments. */
  merge(baseSha: string, headSha: string): Promise<string>;
  /** What a commit holds, as the id of its tree. */
  tree(sha: string): Promise<string>;
  /** A branch's head as a person sees it. */
  head(branch: string): Promise<string | null>;
  /** A person commits on a branch behind the factory's back; answers its new head. */
  personCommits(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** A person removes a branch. */
  personDeletes(branch: string): Promise<void>;
}

const BRANCH = 'factory/7-add-greeting';
const OTHER = 'f'.repeat(40);

/** What every forge must do. `create` makes a fresh one. */
export function describeForge(name: string, create: () => Promise<ForgeHarness>): void {
  const withPullRequest = async () => {
    const harness = await create();
    const { forge, repo, baseSha } = harness;
    await forge.createBranch(repo, BRANCH, baseSha);
    const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
    await forge.push(repo, BRANCH, baseSha, headSha);
    const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
    const pullRequest = await forge.openPullRequest(repo, draft);
    const mergeSha = await harness.merge(baseSha, headSha);
    return { ...harness, headSha, draft, pullRequest, mergeSha };
  };

  describe(`${name}: branches`, () => {
    it('creates a branch once and finds it again', async () => {
      const { forge, repo, baseSha, head } = await create();
      expect(await forge.createBranch(repo, BRANCH, baseSha)).toEqual({ outcome: 'created' });
      expect(await head(BRANCH)).toBe(baseSha);
      expect(await forge.createBranch(repo, BRANCH, baseSha)).toEqual({ outcome: 'exists' });
    });

    it('leaves a branch alone that holds the work of someone else', async () => {
      const { forge, repo, baseSha, head, personCommits } = await create();
      const theirs = await personCommits(BRANCH, { 'theirs.txt': 'theirs\n' });
      expect(await forge.createBranch(repo, BRANCH, baseSha)).toEqual({ outcome: 'taken' });
      expect(await head(BRANCH)).toBe(theirs);
    });

    it('moves a branch under a lease, and a repeat finds it moved', async () => {
      const { forge, repo, baseSha, head, work } = await create();
      await forge.createBranch(repo, BRANCH, baseSha);
      const sha = await work(baseSha, { 'a.txt': 'a\n' });
      expect(await forge.push(repo, BRANCH, baseSha, sha)).toEqual({ outcome: 'pushed', actualSha: sha });
      expect(await forge.push(repo, BRANCH, baseSha, sha)).toEqual({ outcome: 'already', actualSha: sha });
      expect(await head(BRANCH)).toBe(sha);
    });

    it('says what a branch points at, whoever moved it last, and that it is gone', async () => {
      const { forge, repo, baseSha, personCommits, personDeletes } = await create();
      expect(await forge.branchHead(repo, BRANCH)).toBeNull();
      await forge.createBranch(repo, BRANCH, baseSha);
      expect(await forge.branchHead(repo, BRANCH)).toBe(baseSha);
      const theirs = await personCommits(BRANCH, { 'theirs.txt': 'theirs\n' });
      expect(await forge.branchHead(repo, BRANCH)).toBe(theirs);
      await personDeletes(BRANCH);
      expect(await forge.branchHead(repo, BRANCH)).toBeNull();
      await expect(forge.branchHead(repo, 'main')).rejects.toMatchObject({ code: 'branch-refused' });
    });

    it('never pushes over the commits of a person (F23)', async () => {
      const { forge, repo, baseSha, head, work, personCommits, personDeletes } = await create();
      await forge.createBranch(repo, BRANCH, baseSha);
      const sha = await work(baseSha, { 'a.txt': 'a\n' });
      const theirs = await personCommits(BRANCH, { 'theirs.txt': 'theirs\n' });
      expect(await forge.push(repo, BRANCH, baseSha, sha)).toEqual({ outcome: 'moved', actualSha: theirs });
      expect(await head(BRANCH)).toBe(theirs);
      await personDeletes(BRANCH);
      expect(await forge.push(repo, BRANCH, baseSha, sha)).toEqual({ outcome: 'moved', actualSha: null });
    });

    it.each([
      ['the base branch', 'main'],
      ['another branch', 'feature/x'],
      ['a tag', 'refs/tags/v1'],
      ['a full ref', 'refs/heads/factory/7-add-greeting'],
      ['a forced refspec', '+factory/7-add-greeting'],
      ['a delete', ':factory/7-add-greeting'],
      ['a refspec', 'factory/7-add-greeting:main'],
      ['an option', '--receive-pack=touch'],
      ['a shell word (A12)', 'factory/7-x$(id)'],
      ['an ideographic space (A12)', 'factory/7-x\u3000y'],
      ['a bidi control (A12)', 'factory/7-x\u202ey'],
      ['a way up', 'factory/7-x/../../main'],
      ['a reflog word', 'factory/7-x@{1}'],
      ['a line break', 'factory/7-x\n'],
    ])('refuses to write %s (C22)', async (_what, branch) => {
      const { forge, repo, baseSha, head } = await create();
      await expect(forge.createBranch(repo, branch, baseSha)).rejects.toMatchObject({ code: 'branch-refused' });
      await expect(forge.push(repo, branch, baseSha, baseSha)).rejects.toMatchObject({ code: 'branch-refused' });
      const draft = { taskId: 't', title: 't', body: '', branch, headSha: baseSha };
      await expect(forge.openPullRequest(repo, draft)).rejects.toMatchObject({ code: 'branch-refused' });
      expect(await head('main')).toBe(baseSha);
    });

    it('refuses what is not a commit id (A11, and the id that deletes)', async () => {
      const { forge, repo, baseSha } = await create();
      await forge.createBranch(repo, BRANCH, baseSha);
      for (const sha of ['0'.repeat(40), 'HEAD', '--all', baseSha.slice(0, 12), `${baseSha}\n`]) {
        await expect(forge.push(repo, BRANCH, baseSha, sha)).rejects.toMatchObject({ code: 'sha-refused' });
      }
      await expect(forge.push(repo, BRANCH, baseSha, OTHER)).rejects.toMatchObject({ code: 'commit-not-found' });
    });
  });

  describe(`${name}: pull requests`, () => {
    it('opens one a branch, however often it is asked', async () => {
      const { forge, repo, draft, pullRequest } = await withPullRequest();
      expect(await forge.openPullRequest(repo, draft)).toEqual(pullRequest);
      const several = await Promise.all([1, 2, 3].map(() => forge.openPullRequest(repo, draft)));
      expect(several).toEqual([pullRequest, pullRequest, pullRequest]);
      expect(await forge.readPullRequest(repo, pullRequest)).toEqual({
        state: 'open',
        headSha: draft.headSha,
        mergedSha: null,
      });
    });

    it('opens one when several ask at the same moment for the first time (I3)', async () => {
      const { forge, repo, baseSha, work } = await create();
      const branches = ['factory/1-a', 'factory/2-b', 'factory/3-c'];
      const drafts = [];
      for (const branch of branches) {
        await forge.createBranch(repo, branch, baseSha);
        const headSha = await work(baseSha, { [`${branch.at(-1)}.txt`]: branch });
        await forge.push(repo, branch, baseSha, headSha);
        drafts.push({ taskId: branch, title: branch, body: '', branch, headSha });
      }
      const opened = await Promise.all([...drafts, ...drafts].map((draft) => forge.openPullRequest(repo, draft)));
      expect(opened.slice(3)).toEqual(opened.slice(0, 3));
      expect(new Set(opened.map(({ number }) => number)).size).toBe(3);
    });

    it('follows the head of its branch', async () => {
      const { forge, repo, headSha, pullRequest, work, personCommits } = await withPullRequest();
      const next = await work(headSha, { 'more.txt': 'more\n' });
      await forge.push(repo, BRANCH, headSha, next);
      expect((await forge.readPullRequest(repo, pullRequest)).headSha).toBe(next);
      const theirs = await personCommits(BRANCH, { 'theirs.txt': 'theirs\n' });
      expect(await forge.readPullRequest(repo, pullRequest)).toEqual({
        state: 'open',
        headSha: theirs,
        mergedSha: null,
      });
    });

    it('closes, says so, and does not merge what is closed', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head } = await withPullRequest();
      await forge.closePullRequest(repo, pullRequest);
      await forge.closePullRequest(repo, pullRequest);
      expect((await forge.readPullRequest(repo, pullRequest)).state).toBe('closed');
      await expect(forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).rejects.toMatchObject({
        code: 'pull-request-closed',
      });
      expect(await head('main')).toBe(baseSha);
    });
  });

  describe(`${name}: merging`, () => {
    it('merges exactly what was asked, once', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head, tree } = await withPullRequest();
      const merge = { headSha, baseSha, mergeSha };
      const outcome = await forge.merge(repo, pullRequest, merge);
      const mergedSha = await head('main');
      expect(outcome).toEqual({ outcome: 'merged', mergedSha });
      // The commit may be one of the forge's own; what it holds may not differ.
      expect(await tree(mergedSha ?? '')).toBe(await tree(mergeSha));
      expect(await forge.merge(repo, pullRequest, merge)).toEqual({ outcome: 'merged', mergedSha });
      expect(await head('main')).toBe(mergedSha);
      expect(await forge.readPullRequest(repo, pullRequest)).toMatchObject({ state: 'merged', headSha, mergedSha });
      await expect(forge.closePullRequest(repo, pullRequest)).rejects.toMatchObject({ code: 'pull-request-merged' });
    });

    it('answers the same to all who ask at once', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head } = await withPullRequest();
      const merge = { headSha, baseSha, mergeSha };
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => forge.merge(repo, pullRequest, merge)));
      const mergedSha = await head('main');
      expect(mergedSha).not.toBe(baseSha);
      for (const outcome of outcomes) expect(outcome).toEqual({ outcome: 'merged', mergedSha });
    });

    it('still answers merged when the base has moved on since', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head, personCommits } = await withPullRequest();
      await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha });
      const mergedSha = await head('main');
      await personCommits('main', { 'later.txt': 'later\n' });
      expect(await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).toEqual({
        outcome: 'merged',
        mergedSha,
      });
    });

    it('changes nothing when the head moved (I10)', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head, personCommits } = await withPullRequest();
      const theirs = await personCommits(BRANCH, { 'theirs.txt': 'theirs\n' });
      expect(await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).toEqual({
        outcome: 'head-moved',
        actualSha: theirs,
      });
      expect(await head('main')).toBe(baseSha);
    });

    it('changes nothing when the base moved', async () => {
      const { forge, repo, headSha, baseSha, mergeSha, pullRequest, head, personCommits } = await withPullRequest();
      const moved = await personCommits('main', { 'later.txt': 'later\n' });
      expect(await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).toEqual({
        outcome: 'base-moved',
        actualSha: moved,
      });
      expect(await head('main')).toBe(moved);
    });

    it('refuses a commit that is not the merge of the two', async () => {
      const { forge, repo, headSha, baseSha, pullRequest, head, work } = await withPullRequest();
      const smuggled = await work(headSha, { 'smuggled.txt': 'x\n' });
      for (const mergeSha of [smuggled, headSha]) {
        await expect(forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).rejects.toMatchObject({
          code: 'merge-refused',
        });
      }
      expect(await head('main')).toBe(baseSha);
    });
  });
}

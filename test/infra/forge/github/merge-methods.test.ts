import { describe, expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

/** Two commits on a branch, shown in a pull request. */
async function readyToMerge() {
  const harness = await gitHubHarness();
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const first = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  const headSha = await harness.work(first, { 'name.txt': 'Ada\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const merge = { headSha, baseSha, mergeSha: await harness.merge(baseSha, headSha) };
  return { ...harness, pullRequest, prepare: harness.merge, merge };
}
type Ready = Awaited<ReturnType<typeof readyToMerge>>;

const linear = { requiresLinearHistory: true, kind: 'ruleset' } as const;
const cases: readonly [string, (ready: Ready) => void, 'merge' | 'squash' | 'rebase'][] = [
  ['takes everything', () => {}, 'merge'],
  ['takes no merge commits', ({ github }) => github.people.ana.allowMerging('squash', 'rebase'), 'squash'],
  ['takes squashes alone', ({ github }) => github.people.ana.allowMerging('squash'), 'squash'],
  ['takes rebases alone', ({ github }) => github.people.ana.allowMerging('rebase'), 'rebase'],
  ['has a rule for a linear history', ({ github }) => github.people.ana.protect('main', linear), 'squash'],
  [
    'has a rule that names the ways',
    ({ github }) => github.people.ana.protect('main', { kind: 'ruleset', mergeMethods: ['rebase'] }),
    'rebase',
  ],
];

describe('a merge on GitHub, where the repository', () => {
  it.each(cases)('%s, lands as it allows, holding what was approved', async (_what, allow, method) => {
    const ready = await readyToMerge();
    const { github, forge, repo, pullRequest, merge, head, tree } = ready;
    allow(ready);
    expect(await forge.mergeMethod(repo)).toBe(method);
    const outcome = await forge.merge(repo, pullRequest, merge);
    const mergedSha = (await head('main')) ?? '';
    expect(outcome).toEqual({ outcome: 'merged', mergedSha });
    expect(await tree(mergedSha)).toBe(await tree(merge.mergeSha));
    // The head is in no history then; what tells is the pull request.
    expect(await forge.readPullRequest(repo, pullRequest)).toMatchObject({
      state: 'merged',
      headSha: merge.headSha,
      mergedSha,
    });
    expect(await forge.merge(repo, pullRequest, merge)).toEqual(outcome);
    const [call, ...more] = github.callsTo('pulls/merge');
    expect(JSON.parse(String(call?.body))).toMatchObject({ merge_method: method, sha: merge.headSha });
    expect(more).toEqual([]);
  });

  it('has an older protection that nobody but admins is told of, lands in the next way that GitHub takes', async () => {
    const { github, forge, repo, pullRequest, merge, head, tree } = await readyToMerge();
    github.people.ana.protect('main', { kind: 'protection', requiresLinearHistory: true });
    expect(await forge.mergeMethod(repo)).toBe('merge');
    const outcome = await forge.merge(repo, pullRequest, merge);
    const mergedSha = (await head('main')) ?? '';
    expect(outcome).toEqual({ outcome: 'merged', mergedSha });
    expect(await tree(mergedSha)).toBe(await tree(merge.mergeSha));
    const methods = github.callsTo('pulls/merge').map(({ body }) => JSON.parse(String(body)).merge_method);
    expect(methods).toEqual(['merge', 'squash']);
  });

  it('refuses for another reason, is not asked in another way', async () => {
    const { github, forge, repo, pullRequest, merge } = await readyToMerge();
    github.people.ana.protect('main', { requiredChecks: ['build'] });
    expect(await forge.merge(repo, pullRequest, merge)).toMatchObject({ outcome: 'waits' });
    expect(github.callsTo('pulls/merge')).toHaveLength(1);
  });

  it.each(['squash', 'rebase'] as const)('merges by %s once when the answer is lost (I4)', async (method) => {
    const { github, forge, repo, pullRequest, merge, head, baseSha } = await readyToMerge();
    github.people.ana.allowMerging(method);
    github.faults.loseAnswer('pulls/merge');
    const outcome = await forge.merge(repo, pullRequest, merge);
    expect(outcome).toEqual({ outcome: 'merged', mergedSha: await head('main') });
    expect(await forge.merge(repo, pullRequest, merge)).toEqual(outcome);
    const landed = await github.git('rev-list', '--count', `${baseSha}..main`);
    expect(Number(landed)).toBe(method === 'squash' ? 1 : 2);
  });

  it('keeps whom the commits credit when they become one', async () => {
    const { github, forge, repo, workspace, pullRequest, merge, prepare } = await readyToMerge();
    github.people.ana.allowMerging('squash');
    const message = 'Louder\n\nCo-authored-by: Ana <ana@example.com>\n';
    const files = { 'greeting.txt': 'HELLO\n' };
    const headSha = await github.people.ben.push({ branch: BRANCH, files, message });
    await workspace.refresh(repo);
    const mergeSha = await prepare(merge.baseSha, headSha);
    expect(await forge.merge(repo, pullRequest, { ...merge, headSha, mergeSha })).toMatchObject({ outcome: 'merged' });
    expect(await github.git('log', '-1', '--format=%B', 'main')).toMatch(/^Merge[^]*\nCo-authored-by: Ana </);
  });
});

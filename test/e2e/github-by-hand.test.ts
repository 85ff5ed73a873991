import { describe, expect, it } from 'vitest';
import { openGitHubTeam } from './support/github-team.ts';
import type { GitHubTeam } from './support/github-team.ts';
import { E2E_TIMEOUT_MS } from './support/runs.ts';

/** A card asks about a task's pull request. */
async function inReview(): Promise<GitHubTeam & { number: number; branch: string; shown: string }> {
  const team = await openGitHubTeam();
  const { branch } = await team.until(({ state }) => state === 'in-review');
  const { number, headSha: shown } = await team.pullRequest();
  return { ...team, number, branch: branch ?? '', shown };
}

const MORE = { 'NOTES.md': 'Doubling is exact.\n' };

describe('by hand on GitHub, while a card asks', { timeout: E2E_TIMEOUT_MS }, () => {
  it('a push voids the card, a force-push the next one; what is there last is checked, asked about and merged', async () => {
    const { github, branch, untilAsked, approve, until, outcomes, pullRequest } = await inReview();
    await untilAsked(await github.people.ben.push({ branch, files: MORE }));
    const base = (await github.git('rev-parse', 'main')).trim();
    const last = await github.people.ben.push({ branch, files: MORE, onto: base });
    await untilAsked(last);
    expect(await pullRequest()).toMatchObject({ state: 'open', headSha: last });
    const isVoid = expect.stringContaining('somebody pushed to the branch');
    expect(await outcomes()).toEqual([isVoid, isVoid, null]);
    await approve();
    const { mergedSha } = await until(({ state }) => state === 'merged');
    expect(await github.head('main')).toBe(mergedSha);
    const [, parent] = (await github.git('log', '-1', '--format=%P', 'main')).trim().split(' ');
    expect(parent).toBe(last);
  });

  it('a merge of what the card shows is recorded as done, with who did it', async () => {
    const { github, number, until, outcomes } = await inReview();
    github.people.ben.markReady(number);
    const mergedSha = await github.people.ben.merge(number);
    expect(await until(({ state }) => state === 'merged')).toMatchObject({ mergedSha });
    const by = `Merged by hand by github:ben, without an approval here, as ${mergedSha.slice(0, 7)}.`;
    expect(await outcomes()).toEqual([by]);
  });

  it('a close stops the task, opening it again has it go on, and a deleted branch stops it: in plain words', async () => {
    const { github, branch, number, shown, until, untilAsked, pullRequest } = await inReview();
    github.people.ben.close(number);
    const closed = await until(({ state }) => state === 'blocked');
    expect(closed.waitingText).toBe(`Somebody closed pull request ${number} without merging it.`);
    expect((await pullRequest()).state).toBe('closed');
    await github.people.ben.reopen(number);
    await untilAsked(shown);
    expect(await pullRequest()).toMatchObject({ state: 'open', number });
    await github.people.ben.deleteBranch(branch);
    const gone = await until(({ state }) => state === 'blocked');
    const words = `Somebody deleted the branch ${branch}, and with that pull request ${number} was closed.`;
    expect(gone.waitingText).toBe(words);
    expect(github.callsTo('pulls/create')).toHaveLength(1);
  });

  it('a branch that somebody takes over is theirs until they hand it back; then their push is checked and merged', async () => {
    const { github, workbench, taskId, branch, shown, until, untilAsked, approve } = await inReview();
    let said = 0;
    const say = (text: string) => {
      said += 1;
      const message = { thread: { kind: 'task', id: taskId }, text, originId: `said-${said}` } as const;
      return workbench.createDesk().say({ ...message, actor: 'local', at: new Date().toISOString() });
    };
    const taken = await say('take over');
    expect(taken.text).toContain(`\`git fetch origin ${branch}\`, then \`git switch ${branch}\``);
    await until(({ state }) => state === 'taken-over');
    const theirs = await github.people.ben.push({ branch, files: MORE });
    await github.settled();
    expect((await until(() => true)).headSha).toBe(shown);
    expect((await say('hand back')).text).toContain(`The team goes on from ${theirs.slice(0, 7)}`);
    await untilAsked(theirs);
    await approve();
    await until(({ state }) => state === 'merged');
    const [, parent] = (await github.git('log', '-1', '--format=%P', 'main')).trim().split(' ');
    expect(parent).toBe(theirs);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Post } from '#src/ports/chat.ts';
import { workingClone } from '#test/support/repository.ts';
import type { ScriptedAnswer } from '#test/support/scripted-model.ts';
import { done, DOUBLE, placeOf, turnOf } from '#test/support/scripted-team.ts';
import type { Move } from '#test/support/scripted-team.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openLiveRoom } from '../support/live-room.ts';
import type { LiveRoom } from '../support/live-room.ts';
import { expectTaken, startTeam, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, subjects } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

/** What the endpoint says that each answer of the build took. */
const BUILD_TOKENS = 20_000;

describe('a budget that is used up', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let room: LiveRoom;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
  });
  afterEach(async () => {
    await room.close();
    await workbench.remove();
  });

  const begin = async (env: Readonly<Record<string, string>>, build: readonly Move[]) => {
    const team = await startTeam({ build });
    const settings = { ...team.env, ...env };
    room = await openLiveRoom(workbench, settings);
    const repository = workingClone(nodeProject);
    const taskId = await room.commit(await room.bring(writeTalk(workbench, 'Doubling'), repository.path));
    await room.until(taskId, ({ waitingKind }) => waitingKind === 'budget');
    const asked = () => team.requests.filter(({ body }) => placeOf(body) !== 'refine');
    return { team, settings, repository, taskId, asked };
  };
  const asks = async (taskId: string): Promise<Post[]> =>
    (await room.posts({ kind: 'task', id: taskId })).filter(({ card }) => card.kind === 'question');
  /** Has the room look at the task once more, and waits until that look is over. */
  const lookAgain = async (taskId: string): Promise<void> => {
    const { ledger, withLock } = room.workbench.unitOfWork;
    const passes = async () =>
      (await ledger.stream(`task:${taskId}`)).filter(({ type }) => type === 'pass.started').length;
    const before = await passes();
    expect((await room.say(taskId, 'retry')).ok).toBe(true);
    await waitFor(async () => (await passes()) > before);
    await waitFor(async () => (await withLock(`task:${taskId}`, async () => {})).ran);
  };

  it('pauses a model that goes on for ever, through a kill, until a person allows as much again (C27, A27, I8)', async () => {
    const cap = 70_000;
    let hasSeenSense = false;
    const { team, settings, repository, taskId, asked } = await begin({ BUDGET_TASK: `tokens=${cap}` }, [
      (request) => (hasSeenSense ? done('Doubles a number.') : draft(turnOf(request))),
    ]);
    const used = () => room.workbench.unitOfWork.tables.sum('model_calls', ['countedTokens'], { taskId });
    const before = await used();
    expect(before.countedTokens).toBeLessThanOrEqual(cap);
    await waitFor(async () => (await asks(taskId)).length === 1);
    const [ask] = await asks(taskId);
    expect(ask?.card.lead).toMatch(/^Task 1 has used [\d,]+ of its 70,000 tokens\.$/);
    expect(JSON.stringify(ask?.card.blocks)).toContain('The next call may take up to');
    expect(ask?.card.actions.map(({ label }) => label)).toEqual(['Allow as much again', 'Stop here']);
    expect(ask?.mentions).toEqual(['local']);
    const cost = await room.say(taskId, 'cost');
    const count = asked().length;

    await room.kill();
    await room.close();
    room = await openLiveRoom(workbench, settings);
    await lookAgain(taskId);
    expect(await room.task(taskId)).toMatchObject({ waitingKind: 'budget' });
    expect(asked()).toHaveLength(count);
    expect(await used()).toEqual(before);
    expect(await room.say(taskId, 'cost')).toEqual(cost);
    expect(cost.text).toContain(`build: `);

    hasSeenSense = true;
    expect((await room.press(taskId, 'allow')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'in-review');
    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'merged');
    expect(subjects(repository.git)).toHaveLength(2);
    expect((await used()).countedTokens).toBeLessThanOrEqual(2 * cap);
    expect((await asks(taskId)).map(({ card }) => card.outcome)).toEqual(['local allowed as much again.']);
    expectTaken(team);
    expectNoneTwice(asked());
    await room.stop();
    await team.close();
    await expectSound(workbench);
  });

  it('in money: stops the task where a person says so, and nothing more is asked', async () => {
    const { repository, taskId, asked } = await begin({ BUDGET_TASK: 'usd=0.06' }, [
      (request) => draft(turnOf(request)),
    ]);
    await waitFor(async () => (await asks(taskId)).length === 1);
    const [ask] = await asks(taskId);
    expect(ask?.card.lead).toMatch(/^Task 1 has used 0\.0\d+ of its 0\.06 USD\./);
    const count = asked().length;
    expect((await room.press(taskId, 'stop')).ok).toBe(true);
    await waitFor(async () => (await asks(taskId))[0]?.card.outcome === 'local stopped the task.');
    expect(await room.task(taskId)).toMatchObject({ state: 'cancelled' });
    await room.stop();
    expect(asked()).toHaveLength(count);
    expect(subjects(repository.git)).toEqual(['first']);
  });
});

/** A whole file each time, never the same twice, but good from the first on. */
function draft(index: number): ScriptedAnswer {
  const args = { path: 'src/double.js', content: `${DOUBLE}// Draft ${index}.\n` };
  return {
    toolCalls: [{ name: 'write_file', arguments: args, id: `draft_${index}` }],
    usage: { input: BUILD_TOKENS, output: 0 },
  };
}

/** Each persona was asked each thing once, whatever happened in between. */
function expectNoneTwice(requests: readonly { body: Parameters<typeof placeOf>[0] }[]): void {
  const names = requests.map(({ body }) => `${placeOf(body)} ${turnOf(body)}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
}

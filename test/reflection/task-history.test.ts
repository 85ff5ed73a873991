import { describe, expect, it } from 'vitest';
import { measure } from '#src/reflection/measures.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { createPlantedLedger } from './planted/ledger.ts';
import { writeTask } from './planted/task-life.ts';
import type { TaskPlan } from './planted/task-life.ts';

const START_MS = Date.parse('2026-11-16T09:00:00.000Z');
const MINUTE_MS = 60_000;
const WEEK = { from: '2026-11-16T00:00:00.000Z', until: '2026-11-23T00:00:00.000Z' };

const plain: TaskPlan = {
  ...{ number: 1, projectId: 'project', repoId: 'repo', committedAtMs: START_MS, ideaMs: 30 * MINUTE_MS },
  ...{ workMs: {}, queueMs: 200, failures: [], reviewMs: 20 * MINUTE_MS, end: 'merged' },
};
const red = [{ check: 'test', test: 'a > b', text: '"a > b" fails.' }];

async function readBack(...plans: Partial<TaskPlan>[]) {
  const { ledger, add } = createPlantedLedger();
  for (const [index, plan] of plans.entries()) writeTask(add, { ...plain, number: index + 1, ...plan });
  const reading = await readHistories(ledger);
  return { add, ledger, reading, measures: measure(reading.histories, reading.ideaAt, WEEK) };
}

describe('a task as the ledger tells it', () => {
  it('keeps the time that it was due apart from the time that it was worked on', async () => {
    const { reading } = await readBack({ workMs: { plan: 7_000 }, queueMs: 350 });
    const plan = reading.histories[0]?.steps.find(({ step }) => step === 'plan');
    expect(plan).toMatchObject({ persona: 'mason', workMs: 7_000, queueMs: 350 });
  });

  it('counts a review as time with people, and not as queue of the merge', async () => {
    const { reading } = await readBack({});
    const [history] = reading.histories;
    expect(history?.stands).toEqual([{ holder: 'people', why: 'review', ms: 20 * MINUTE_MS }]);
    expect(history?.steps.find(({ step }) => step === 'merge')?.queueMs).toBe(200);
  });

  it.each([
    ['disk', 'outside'],
    ['budget', 'people'],
  ] as const)('a wait for %s is time with %s, until work begins again', async (kind, holder) => {
    const { add, ledger } = await readBack();
    const at = (minutes: number): number => START_MS + minutes * MINUTE_MS;
    const [taskId, runId] = ['task', 'run'];
    const ids = { projectId: 'project', conversationId: 'c', storyId: 's', featureId: 'f', repoId: 'r' };
    const body = { taskId, ...ids, sprintId: 'sprint', number: 1, points: 1, dependsOn: [], requester: 'local' };
    add({ type: 'story.committed', at: at(0), body });
    add({ type: 'task.waiting', at: at(1), body: { taskId, kind, who: 'ada', text: 'Wait.' } });
    const timing = { startedAt: new Date(at(6)).toISOString(), durationMs: 1_000 };
    add({ type: 'task.claimed', at: at(6) + 1_000, body: { taskId, runId, attempt: 1, runNumber: 1, timing } });
    const [history] = (await readHistories(ledger)).histories;
    expect(history?.stands).toEqual([{ holder, why: kind, ms: 5 * MINUTE_MS }]);
    expect(history?.steps).toMatchObject([{ step: 'claim', queueMs: 0, workMs: 1_000 }]);
  });

  it('counts a clock that was set back, and takes no time off', async () => {
    const { ledger } = await readBack({});
    const late = ledger.events.find(({ type }) => type === 'plan.generated');
    const body = late?.body as { timing: { startedAt: string } };
    body.timing.startedAt = '2026-11-16T08:00:00.000Z';
    const [history] = (await readHistories(ledger)).histories;
    expect(history?.clockJumps).toBe(1);
    expect(history?.steps.every(({ workMs, queueMs }) => workMs >= 0 && queueMs >= 0)).toBe(true);
  });
});

describe('measures', () => {
  it('the way from the first word to the merge, and who had it', async () => {
    const { measures, reading } = await readBack({});
    const { endedAt } = reading.histories[0] ?? {};
    expect(measures.leadMs).toBe(Date.parse(endedAt ?? '') - (START_MS - 30 * MINUTE_MS));
    expect(measures.withPeopleMs).toBe(20 * MINUTE_MS);
    expect([measures.touches, measures.handOffs]).toEqual([1, 6]);
  });

  it('what passed at once, of what had a verdict', async () => {
    const { measures } = await readBack({}, { failures: [red] }, { failures: [red, red] });
    expect([measures.firstPass, measures.retries]).toEqual([{ count: 1, of: 3 }, 3]);
  });

  it('what became a pull request and what was merged without help, of all that ended', async () => {
    const { measures } = await readBack({}, { end: 'rejected' }, { end: 'cancelled' }, { end: 'merged' });
    expect(measures.pullRequests).toEqual({ count: 3, of: 4 });
    expect(measures.unaided).toEqual({ count: 2, of: 4 });
    expect([measures.merged, measures.rejected, measures.cancelled]).toEqual([2, 1, 1]);
  });

  it('help of a person takes a task out of the unaided', async () => {
    const { add, ledger } = await readBack({});
    const taskId = 'project-task-1';
    const at = START_MS + MINUTE_MS;
    const steering = add({ type: 'steering.given', at, actor: 'local', body: { taskId, steeringId: 'x' } });
    const { histories, ideaAt } = await readHistories(ledger);
    expect(histories[0]?.touches.map(({ seq }) => seq)).toContain(steering.seq);
    expect(measure(histories, ideaAt, WEEK).unaided).toEqual({ count: 0, of: 1 });
  });

  it('pull requests that no person started are counted apart', async () => {
    const { measures } = await readBack({}, { begunBy: 'label' });
    expect([measures.pullRequests.count, measures.pullRequestsBegunByThemselves]).toEqual([2, 1]);
  });

  it('what took an earlier change back is counted apart', async () => {
    const { ledger } = await readBack({}, {});
    const first = ledger.events.findLast(({ type }) => type === 'story.committed');
    const reverts = [{ taskId: 'project-task-1', featureId: 'f' }];
    if (first !== undefined) Object.assign(first, { type: 'revert.committed', body: { ...first.body, reverts } });
    const { histories, ideaAt } = await readHistories(ledger);
    expect(histories.map((history) => history.reverts)).toEqual([null, 'project-task-1']);
    expect(measure(histories, ideaAt, WEEK)).toMatchObject({ merged: 2, reverts: 1 });
  });

  it('an empty week has no medians, rather than zeros', async () => {
    const { measures } = await readBack();
    expect([measures.leadMs, measures.handOffs, measures.firstPass]).toEqual([null, null, { count: 0, of: 0 }]);
  });
});

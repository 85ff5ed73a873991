import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { findRun } from '#src/reflection/find-run.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { storyLines } from '#src/reflection/story-lines.ts';
import { createPlantedLedger } from './planted/ledger.ts';
import { tablesOf } from './planted/tables.ts';
import { writeTask } from './planted/task-life.ts';

const RUN = 'run-project-task-1';

function told(): Pick<UnitOfWork, 'ledger' | 'artifacts' | 'tables'> {
  const { ledger, add } = createPlantedLedger();
  const red = [{ check: 'test', test: 'a > b', text: '"a > b" fails.' }];
  writeTask(add, {
    ...{ number: 1, projectId: 'project', repoId: 'repo', committedAtMs: Date.parse('2026-11-20T23:59:50.000Z') },
    ...{ ideaMs: 0, workMs: { build: 30_000 }, queueMs: 0, failures: [red], reviewMs: 60_000, end: 'merged' },
  });
  const head = async () => ({ seq: ledger.events.length, hash: '' });
  const tables = tablesOf({ work_runs: [{ id: RUN, taskId: 'project-task-1' }] });
  return { ledger: { ...ledger, head }, artifacts: ledger.artifacts, tables };
}

describe('a run told from the ledger', () => {
  it('reads from its commit to its end, a line an event, the day where it changes', async () => {
    const lines = storyLines(await tellRun(told(), RUN));
    expect(lines[0]).toBe(`Task 1, run ${RUN}`);
    expect(lines.filter((line) => /^\d{4}-\d\d-\d\d$/.test(line))).toEqual(['2026-11-20', '2026-11-21']);
    expect(lines.map((line) => line.replace(/^\s*\d+\s+[\d:]{8}\s+/, '').replace(/\s+/, ' '))).toEqual(
      expect.arrayContaining([
        'local commits the story, 1 point',
        'tess makes the branch factory/1 at aaaaaaa  (1 s)',
        'factory asks for attempt 2',
        'local approves aaaaaaa',
        'tess merges it as aaaaaaa  (1 s)',
      ]),
    );
    expect(lines.at(-1)).toBe('Then it is merged; no model was asked.');
  });

  it('stops where it is told to, and knows the state of that moment', async () => {
    const whole = await tellRun(told(), RUN);
    const planned = whole.beats.find(({ type }) => type === 'plan.generated');
    const story = await tellRun(told(), RUN, planned?.seq);
    expect(story.beats.at(-1)).toEqual(planned);
    expect([story.state.status, whole.state.status]).toEqual(['planned', 'merged']);
  });

  it.each([
    ['another', 9_999, 'run-not-found'],
    [RUN, 1, 'before-the-run'],
  ])('%s up to event %i is refused', async (run, upTo, code) => {
    await expect(tellRun(told(), run, upTo)).rejects.toMatchObject({ code });
  });
});

describe('lessons in a run', () => {
  it('are told where they were given, and only those of this run', async () => {
    const { ledger, artifacts } = told();
    const stream: typeof ledger.stream = async (name) => {
      if (name !== 'lesson-uses:project-task-1') return ledger.stream(name);
      const scoped = (await ledger.stream('task:project-task-1')).find(({ type }) => type === 'scope.clarified');
      if (scoped === undefined) throw new Error('the run has no scope');
      const use = (runId: string, lessonIds: string[]): RecordedEvent => ({
        ...scoped,
        ...{ seq: scoped.seq + 0.5, stream: name, type: 'lesson.used', agent: 'mason', runId },
        body: { taskId: 'project-task-1', runId, attempt: 1, step: 'plan', persona: 'mason', lessonIds },
      });
      return [use('another', ['l3']), use(RUN, ['l3', 'l5', 'l8'])];
    };
    const lessons = [3, 5, 8].map((number) => ({ id: `l${number}`, number }));
    const tables = tablesOf({ work_runs: [{ id: RUN, taskId: 'project-task-1' }], lessons });
    const { beats, state } = await tellRun({ ledger: { ...ledger, stream }, artifacts, tables }, RUN);
    const at = beats.findIndex(({ type }) => type === 'lesson.used');
    expect(beats[at]).toMatchObject({
      who: 'mason',
      text: 'is given lessons 3, 5 and 8 to think with',
      status: 'scoped',
    });
    expect([beats[at - 1]?.type, beats[at + 1]?.type]).toEqual(['scope.clarified', 'plan.generated']);
    expect(beats.filter(({ type }) => type === 'lesson.used')).toHaveLength(1);
    expect(state).toEqual((await tellRun(told(), RUN)).state);
  });
});

describe('a run by what people know of it', () => {
  const tables = tablesOf({
    projects: [
      { id: 'p', slug: 'greeter' },
      { id: 'q', slug: 'shop' },
    ],
    story_tasks: [
      { id: 't1', projectId: 'p', number: 1, runId: 'r1' },
      { id: 't2', projectId: 'q', number: 1, runId: 'r2' },
      { id: 't3', projectId: 'q', number: 2, runId: 'r3' },
      { id: 't4', projectId: 'q', number: 3, runId: null },
    ],
    work_runs: [{ id: 'r1', taskId: 't1' }],
  });

  it.each([
    ['r1', 'r1'],
    ['2', 'r3'],
    ['shop/1', 'r2'],
  ])('%s is %s', async (wanted, run) => {
    expect(await findRun(tables, wanted)).toBe(run);
  });

  it.each([
    ['1', 'greeter/1, shop/1'],
    ['3', 'not taken up yet'],
    ['7', 'backlog'],
    ['r9', 'by its number'],
  ])('%s is refused with what to do', async (wanted, fix) => {
    await expect(findRun(tables, wanted)).rejects.toMatchObject({
      code: 'run-not-found',
      fix: expect.stringContaining(fix),
    });
  });
});

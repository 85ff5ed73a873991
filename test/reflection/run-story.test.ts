import { describe, expect, it } from 'vitest';
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

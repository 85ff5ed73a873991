import { describe, expect, it } from 'vitest';
import { stateTone } from '#bots/room/views/lists.ts';
import { canvasCard } from '#src/desk/cards/canvas-card.ts';
import { duration } from '#src/desk/cards/card-parts.ts';
import { blockedCard, packetCard } from '#src/desk/cards/packet-card.ts';
import { statusCard } from '#src/desk/cards/status-card.ts';
import { waitsForPerson, wordsFor } from '#src/desk/cards/task-words.ts';
import { storiesCard } from '#src/desk/cards/stories-card.ts';
import { tasksCard } from '#src/desk/cards/tasks-card.ts';
import { taskStatuses } from '#src/code-factory/task-status.ts';
import type { InceptionFeatureRow, StoryRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { TaskRunRow } from '#src/ledger/run-rows.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { HEAD } from '#test/code-factory/life.ts';
import { wordsOf } from './front.ts';
import { taskRow as task } from './task-row.ts';

const run = (step: string, second: number, rest: Partial<TaskRunRow> = {}): TaskRunRow => {
  const at = `2026-11-20T09:00:${String(second).padStart(2, '0')}.000Z`;
  return {
    id: `${step}${second}`,
    runId: 'run',
    taskId: 'task',
    step,
    agent: 'tess',
    attempt: 1,
    startedAt: at,
    endedAt: at,
    durationMs: 1000,
    result: 'done',
    artifact: null,
    ...rest,
  };
};
const firstGo = ['claim', 'branch', 'assign', 'scope', 'plan', 'lock'].map((step, second) => run(step, second));

const words = (card: Card) => wordsOf({ card });
const stepsOf = (card: Card) => {
  const block = card.blocks.find((each): each is CardBlock & { type: 'steps' } => each.type === 'steps');
  return Object.fromEntries((block?.steps ?? []).map(({ label, state }) => [label, state]));
};
const names = (card: Card) => card.actions.map(({ name }) => name);

describe('the status card', () => {
  it('ticks what is done and shows what runs', () => {
    const card = statusCard(task, firstGo);
    expect(stepsOf(card)).toEqual({
      branch: 'done',
      scope: 'done',
      plan: 'done',
      behaviour: 'done',
      build: 'now',
      checks: 'todo',
      'pull request': 'todo',
      merge: 'todo',
    });
    expect(words(card)).toContain('factory/4-greet-by-name');
    expect(names(card)).toEqual(['pause', 'take-over', 'stop']);
  });

  it('shows nothing as running while it waits, is paused or has ended', () => {
    for (const idle of [
      { paused: true },
      { waitingKind: 'sandbox', waitingText: 'No sandbox.' },
      { state: 'cancelled' },
    ]) {
      expect(Object.values(stepsOf(statusCard({ ...task, ...idle }, firstGo)))).not.toContain('now');
    }
  });

  it('does not tick what only an earlier go did', () => {
    const earlier = [...firstGo, run('build', 10), run('check', 11), run('open', 12)];
    const again = [run('assign', 20), run('scope', 21), run('plan', 22)];
    const steps = stepsOf(statusCard({ ...task, state: 'blocked' }, [...earlier, ...again]));
    expect(steps).toMatchObject({
      plan: 'done',
      behaviour: 'todo',
      build: 'todo',
      checks: 'todo',
      'pull request': 'todo',
    });
  });

  it('marks the checks that used up the attempts', () => {
    const runs = [...firstGo, run('build', 10, { attempt: 3 }), run('check', 11, { attempt: 3, result: 'failed' })];
    const card = statusCard({ ...task, state: 'blocked', attempt: 3 }, runs);
    expect(stepsOf(card)['checks']).toBe('failed');
    expect(words(card)).toContain('3 of 3');
  });

  it.each([
    { kind: 'sandbox', tries: true, says: 'waits for the sandbox.' },
    { kind: 'dirty-clone', tries: true, says: 'waits for changes that are not committed.' },
    { kind: 'model', tries: true, says: 'waits for the model.' },
    { kind: 'budget', tries: false, says: 'waits for your word on its budget.' },
    { kind: 'dependency', tries: false, says: 'waits for another task.' },
    { kind: 'approval', tries: false, says: null },
  ])('says that it waits for $kind, and offers to look again: $tries', ({ kind, tries, says }) => {
    const card = statusCard({ ...task, waitingKind: kind, waitingText: 'It waits.' }, firstGo);
    expect(names(card).includes('retry')).toBe(tries);
    if (says !== null) expect(card.lead).toContain(says);
    // A used-up budget is asked about on a card of its own.
    expect(words(card).includes('It waits.')).toBe(kind !== 'budget');
  });

  it.each(taskStatuses.map((state) => ({ state })))('says $state in words of its own, as a sentence', ({ state }) => {
    const { lead } = statusCard({ ...task, state }, firstGo);
    expect(lead).toMatch(/^Task 4 · \*\*Greet by name\*\* .+\.$/);
    expect(wordsFor(state)).not.toContain('-');
  });
});

describe('lists of tasks', () => {
  const waiting = {
    ...task,
    state: 'ready',
    waitingKind: 'dependency',
    waitingWho: 'task 3',
    waitingText: 'Builds on task 3.',
  };

  it('show changes that were asked for as waited for, and what is blocked as wrong', () => {
    const asked = { ...task, state: 'blocked', waitingKind: 'changes', waitingWho: 'ada' };
    const signOf = (row: StoryTaskRow) => {
      const [list] = tasksCard([row]).blocks;
      return list?.type === 'list' ? list.items.map(({ mark, detail }) => [mark, detail]) : [];
    };
    expect(signOf(asked)).toEqual([['open', 'waits for the changes']]);
    expect(signOf({ ...asked, waitingKind: 'blocked' })).toEqual([['failed', 'blocked']]);
    expect(waitsForPerson(asked)).toBe(true);
    expect(stateTone(asked)).toBe('waiting');
    expect(stateTone({ ...asked, waitingKind: 'blocked' })).toBe('bad');
  });

  it('count as waiting for a person only what a person can move', () => {
    expect(waitsForPerson(waiting)).toBe(false);
    expect(waitsForPerson({ ...waiting, waitingWho: 'ada' })).toBe(true);
    expect(waitsForPerson({ ...task, state: 'blocked', waitingKind: 'blocked' })).toBe(true);
    expect(waitsForPerson({ ...task, state: 'cancelled', waitingKind: 'blocked' })).toBe(false);
    expect(tasksCard([waiting, task]).lead).toBe('2 tasks on the way.');
    expect(
      tasksCard([
        { ...task, state: 'cancelled' },
        { ...task, state: 'rejected' },
      ]).lead,
    ).toBe('2 tasks: 1 rejected, 1 stopped.');
    expect(
      tasksCard([
        { ...waiting, waitingWho: 'ada' },
        { ...task, state: 'merged' },
      ]).lead,
    ).toBe('2 tasks: 1 merged, 1 waits for a person.');
  });

  it.each([
    { row: { state: 'merged' }, lead: 'Task 4 is merged.' },
    { row: { state: 'rejected' }, lead: 'Task 4 was rejected.' },
    { row: { state: 'built' }, lead: 'Task 4 is on the way.' },
    { row: { ...waiting, waitingWho: 'ada' }, lead: 'Task 4 waits for ada.' },
    { row: { state: 'in-review', waitingKind: 'approval', waitingWho: 'local' }, lead: 'Task 4 waits for a person.' },
  ])('do not count to one: $lead', ({ row, lead }) => {
    expect(tasksCard([{ ...task, ...row }]).lead).toBe(lead);
  });
});

describe('packets in the thread', () => {
  const header = { version: 1 as const, taskId: 'task', runId: 'run', attempt: 1 };

  it('say in one line what they bring', () => {
    const built = packetCard(
      {
        ...header,
        type: 'build-result',
        from: 'ollan',
        to: 'vera',
        headSha: HEAD,
        commits: [{ sha: HEAD, title: 'Greet' }],
        files: [{ path: 'a.js', added: 1, removed: 0 }],
        outsidePlan: [],
        leftOut: [],
        testsTouched: [],
        cleanUp: null,
        summary: null,
        model: null,
        handedBackBy: null,
        revision: null,
        hostFiles: [],
        packArtifact: null,
        modelNotes: [],
        diffArtifact: 'd',
        thoughtsArtifact: 't',
      },
      'talk',
    );
    expect(built.lead).toBe('1 file on the branch in 1 commit; the head is aaaaaaa.');
  });

  it('do not count commits that were there before', () => {
    const again = packetCard(
      {
        ...header,
        type: 'build-result',
        from: 'ollan',
        to: 'vera',
        headSha: HEAD,
        commits: [],
        files: [{ path: 'a.js', added: 1, removed: 0 }],
        outsidePlan: [],
        leftOut: [],
        testsTouched: [],
        cleanUp: null,
        summary: null,
        model: null,
        handedBackBy: null,
        revision: null,
        hostFiles: [],
        packArtifact: null,
        modelNotes: [],
        diffArtifact: 'd',
        thoughtsArtifact: 't',
      },
      'talk',
    );
    expect(again.lead).toBe('The branch holds this already; the head is aaaaaaa.');
  });

  it('offer another go only where there is something to go on with', () => {
    const blocker = {
      reason: 'the disk is full.',
      fix: 'Make room.',
      findings: ['0 bytes left'],
      taskId: 'task',
      isWish: false,
      isForHands: false,
      stopWords: 'Stop this task?',
      outcome: null,
    };
    expect(names(blockedCard({ ...blocker, mayRetry: true }))).toEqual(['retry', 'stop']);
    expect(names(blockedCard({ ...blocker, mayRetry: false }))).toEqual(['stop']);
    expect(names(blockedCard({ ...blocker, mayRetry: true, outcome: 'ada stopped the task.' }))).toEqual([]);
    expect(words(blockedCard({ ...blocker, mayRetry: true }))).toContain('0 bytes left');
    expect(names(blockedCard({ ...blocker, mayRetry: true, isForHands: true }))).toEqual(['take-over', 'stop']);
    const wish = blockedCard({ ...blocker, reason: 'ada asks for changes.', isWish: true, mayRetry: true });
    expect(wish).toMatchObject({ lead: 'ada asks for changes.', tone: 'waiting' });
  });
});

describe('the canvas card', () => {
  const feature = (key: string, rest: Partial<InceptionFeatureRow>): InceptionFeatureRow => ({
    id: key,
    inceptionId: 'talk',
    key,
    text: `Feature ${key}`,
    persona: null,
    priority: 'unstated',
    basis: 'stated',
    status: 'active',
    inMvp: null,
    maybe: false,
    evidence: [0],
    ...rest,
  });

  it('folds what is unsure, with one press each to keep or drop it', () => {
    const card = canvasCard('talk', [feature('a', {}), feature('b', { maybe: true })], []);
    const fold = card.blocks.find((block): block is CardBlock & { type: 'fold' } => block.type === 'fold');
    const [list] = fold?.blocks ?? [];
    const actions = list?.type === 'list' ? list.items.flatMap((item) => item.actions) : [];
    expect(actions.map(({ command }) => command)).toEqual([
      { type: 'judge-feature', conversationId: 'talk', featureKey: 'b', verdict: 'kept' },
      { type: 'judge-feature', conversationId: 'talk', featureKey: 'b', verdict: 'dropped' },
    ]);
    expect(card.lead).toContain('1 feature.');
  });

  it('answers why each feature is there, and says when there is none', () => {
    const [list] = canvasCard('talk', [feature('a', { evidence: [3, 4] })], []).blocks;
    expect(list?.type === 'list' ? list.items[0]?.why : null).toEqual({ conversationId: 'talk', positions: [3, 4] });
    expect(canvasCard('talk', [], []).lead).toContain('did not find anything');
  });
});

describe('the stories card', () => {
  const story = (status: StoryRow['status'], hasChangeSet = true): { row: StoryRow; draft: null } => ({
    row: {
      id: status,
      epicId: 'epic',
      key: 'greet',
      priority: 'must',
      conversationId: 'talk',
      projectId: 'project',
      title: 'Greet by name',
      narrative: 'As Ada, I want to be greeted.',
      status,
      points: 2,
      hasChangeSet,
      dependsOn: [],
      evidence: [0],
      draftArtifact: HEAD,
      removedBecause: null,
    },
    draft: null,
  });

  it.each([
    ['committed', [story('committed')], 'Every story is in the sprint.'],
    ['rejected', [story('rejected')], 'No story is left to start.'],
    ['without code', [story('proposed', false)], '1 story has no code in the conversation yet.'],
  ] as const)('says how things stand: %s', (_name, stories, lead) => {
    expect(storiesCard('talk', stories, { hasRepository: true, mayWrite: false }).lead).toBe(lead);
  });

  it('names what was rejected', () => {
    expect(
      wordsOf({ card: storiesCard('talk', [story('rejected')], { hasRepository: true, mayWrite: false }) }),
    ).toContain('Rejected in review');
  });
});

describe('durations', () => {
  it.each([
    [0, 'under a second'],
    [999, 'under a second'],
    [4_400, '4 s'],
    [150_000, '3 min'],
    [7_200_000, '2 h'],
  ])('of %i ms read as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { sessionStatusOf, sessionTitle } from '#bots/slack/native/session-status.ts';
import { nextStep, taskStatuses } from '#src/code-factory/task-status.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';

const task = (parts: Partial<StoryTaskRow>) =>
  ({
    state: 'locked',
    runId: 'run',
    paused: false,
    waitingKind: null,
    waitingWho: null,
    requester: 'ada',
    ...parts,
  }) as StoryTaskRow;

describe('the status of a session', () => {
  it.each([
    ['processing, as long as somebody holds the next step', {}, { status: 'processing', persona: 'ollan' }],
    ['none before anything was begun', { state: 'ready', runId: null }, null],
    ['none where a task was stopped before it began', { state: 'cancelled', runId: null }, null],
    ['suspended while it is paused', { paused: true }, { status: 'suspended', persona: 'tess' }],
    ['suspended while it waits for a decision', { state: 'in-review' }, { status: 'suspended', persona: 'tess' }],
    ['suspended while it is blocked', { state: 'blocked' }, { status: 'suspended', persona: 'tess' }],
    ['suspended while a person works on it', { state: 'taken-over' }, { status: 'suspended', persona: 'tess' }],
    ['suspended while a budget is used up', { waitingKind: 'budget' }, { status: 'suspended', persona: 'tess' }],
    [
      'processing while the forge’s checks run',
      { state: 'checked', waitingKind: 'checks' },
      { status: 'processing', persona: 'tess' },
    ],
    ['active while it waits for another task', { waitingKind: 'dependency' }, { status: 'active', persona: 'tess' }],
    ['closed when it is merged', { state: 'merged' }, { status: 'closed', persona: 'tess' }],
    [
      'closed when it was stopped, even while paused',
      { state: 'cancelled', paused: true },
      { status: 'closed', persona: 'tess' },
    ],
  ] as const)('is %s', (_what, parts, status) => {
    expect(sessionStatusOf(task(parts))).toEqual(status);
  });

  it('is known for every state, and under the name of who holds the next step', () => {
    for (const state of taskStatuses) {
      const shown = sessionStatusOf(task({ state }));
      expect(shown, state).not.toBeNull();
      if (shown?.status === 'processing') expect(shown.persona).toBe(nextStep[state]?.agent);
    }
  });
});

describe('the title of a session', () => {
  it('names the task', () => {
    expect(sessionTitle({ number: 3, title: 'Greet by name' })).toBe('Task 3 · Greet by name');
  });

  it('holds no mention, no secret, no hidden characters, and no more than Slack takes', () => {
    const hostile = `<!channel> <@U0ANA> \u202eGreet\u200b xoxb-${'1234567890'.repeat(2)}-abcdefghij ${'word '.repeat(100)}`;
    const title = sessionTitle({ number: 3, title: hostile });
    expect(title).not.toMatch(/[<>\u202e\u200b]|xoxb-1234/);
    expect(title.length).toBeLessThanOrEqual(200);
    expect(title).toMatch(/word …$/);
  });
});

import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { startPass } from '#src/code-factory/decide.ts';
import { hasEnded, MAX_ATTEMPTS, nextStep, taskStatuses } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import {
  after,
  allCommands,
  BUDGET,
  committedTask,
  decideAny,
  failedVerdict,
  meta,
  reviewCommands,
  stepCommands,
} from './life.ts';
import type { AnyCommand } from './life.ts';

const commands: AnyCommand[] = [
  ...allCommands,
  { kind: 'step', command: failedVerdict },
  { kind: 'review', command: { ...reviewCommands.approve, headSha: 'f'.repeat(40) } },
  { kind: 'review', command: { ...reviewCommands.approve, actor: 'ada' } },
  { kind: 'person', command: { type: 'retry', revision: 'pasted' } },
  { kind: 'person', command: { type: 'hand-back', headSha: 'f'.repeat(40) } },
  { kind: 'step', command: { ...stepCommands.wait, kind: 'budget', budget: BUDGET } },
];

/** Ends, halts and delays would stop most walks early; they come in through the moves that try anything. */
const STOPS = new Set([
  'stop',
  'block',
  'pause',
  'wait',
  'reject',
  'request-changes',
  'void-and-block',
  'take-over',
  'steer',
]);
/** Where no step is due, and the card asks a person to do something. */
const ASKS = ['in-review', 'blocked', 'taken-over'];
const forward = commands.filter(({ command }) => !STOPS.has(command.type));

type Move = { kind: 'any'; given: AnyCommand; older: boolean } | { kind: 'forward'; pick: number } | { kind: 'pass' };

/** Mostly one of the things that the state calls for, so that walks get far; sometimes anything, or an older pass's result. */
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('forward' as const), pick: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('any' as const),
        given: fc.constantFrom(...commands),
        older: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'pass' as const }) },
  ),
  { minLength: 20, maxLength: 120 },
);

function attempt(decideIt: () => EventDraft[]): EventDraft[] {
  try {
    return decideIt();
  } catch (error) {
    if (error instanceof FactoryError) return [];
    throw error;
  }
}

function decide(move: Move, task: Task): EventDraft[] {
  if (move.kind === 'pass') return attempt(() => startPass(task, meta()));
  if (move.kind === 'any') return attempt(() => decideAny(move.given, task, move.older ? task.fence - 1 : task.fence));
  const takes = forward.map((given) => attempt(() => decideAny(given, task))).filter((drafts) => drafts.length > 0);
  return takes[move.pick % takes.length] ?? [];
}

describe('any life of a task', () => {
  it('keeps its rules, whatever is asked of it in whatever order', () => {
    fc.assert(
      fc.property(moves, (life) => {
        let task = committedTask();
        let byHand = false;
        for (const move of life) {
          const drafts = decide(move, task);
          if (hasEnded(task.status)) expect(drafts).toEqual([]);
          if (move.kind === 'any' && move.older && move.given.kind.endsWith('step')) expect(drafts).toEqual([]);
          if (task.status === 'taken-over' && move.kind === 'any' && move.given.kind !== 'person')
            expect(drafts).toEqual([]);
          const next = after(task, drafts);

          expect(taskStatuses).toContain(next.status);
          // I9: it has ended, or a step is due, or it visibly waits for a person.
          expect(hasEnded(next.status) || nextStep[next.status] !== null || ASKS.includes(next.status)).toBe(true);
          expect(next.takenOver !== null).toBe(next.status === 'taken-over');
          expect(next.status === 'taken-over' && next.paused).toBe(false);
          expect(next.attempt).toBeGreaterThanOrEqual(1);
          expect(next.attempt).toBeLessThanOrEqual(MAX_ATTEMPTS);
          expect(next.fence).toBeGreaterThanOrEqual(task.fence);
          byHand ||= drafts.some(({ type }) => type === 'pull-request.merged-by-hand');
          expect(next.approval !== null || next.status !== 'approved').toBe(true);
          expect(next.approval !== null || next.status !== 'merged' || byHand).toBe(true);
          if (next.approval !== null) {
            const { headSha, diffHash, approver } = next.approval;
            expect({ headSha, diffHash }).toEqual({
              headSha: next.pullRequest?.headSha,
              diffHash: next.pullRequest?.diffHash,
            });
            expect(approver).not.toBe(next.requester);
          }
          if (next.status === 'in-review' || next.status === 'approved') expect(next.pullRequest).not.toBeNull();
          if (drafts.some(({ type }) => type === 'pull-request.merged')) expect(task.status).toBe('approved');
          task = next;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('can reach every state in such a walk', () => {
    const seen = new Set<string>();
    for (const life of fc.sample(moves, { numRuns: 300, seed: 7 })) {
      let task = committedTask();
      for (const move of life) {
        task = after(task, decide(move, task));
        seen.add(task.status);
      }
    }
    expect([...taskStatuses].filter((status) => !seen.has(status))).toEqual([]);
  });
});

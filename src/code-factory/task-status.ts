import type { PersonaName } from '#src/ports/personas.ts';

/**
 * The life of a task, in one place. Read down: each state is what has been *done*; the table says which step comes
 * next and who does it. A state without a step waits for a person or has ended.
 *
 *   ready → claimed → branched → assigned → scoped → planned → locked → built → checked → in-review → approved → merged
 *                                                      ↑______ retry ____|                  |
 *                                             blocked ← three attempts, a blocker, changes requested
 *   any state that has not ended → cancelled;  in-review → rejected
 *   checked and in-review, by hand on the forge: a push → built;  a merge of what was shown → merged;  closed → blocked
 *   blocked, because it was closed: opened again → checked, or built where somebody pushed
 *   any state with a branch, but a merge under way → taken-over (a person works on it) → branched or locked
 */
export const taskStatuses = [
  'ready',
  'claimed',
  'branched',
  'assigned',
  'scoped',
  'planned',
  'locked',
  'built',
  'checked',
  'in-review',
  'approved',
  'merged',
  'blocked',
  'taken-over',
  'rejected',
  'cancelled',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const stepNames = [
  'claim',
  'branch',
  'assign',
  'scope',
  'plan',
  'lock',
  'build',
  'check',
  'open',
  'merge',
] as const;
export type StepName = (typeof stepNames)[number];

/** The step that a state calls for, and the persona that holds it. */
export const nextStep: Readonly<Record<TaskStatus, { step: StepName; agent: PersonaName } | null>> = {
  ready: { step: 'claim', agent: 'tess' },
  claimed: { step: 'branch', agent: 'tess' },
  branched: { step: 'assign', agent: 'tess' },
  assigned: { step: 'scope', agent: 'piper' },
  scoped: { step: 'plan', agent: 'mason' },
  planned: { step: 'lock', agent: 'vera' },
  locked: { step: 'build', agent: 'ollan' },
  built: { step: 'check', agent: 'vera' },
  checked: { step: 'open', agent: 'tess' },
  'in-review': null,
  approved: { step: 'merge', agent: 'tess' },
  merged: null,
  blocked: null,
  'taken-over': null,
  rejected: null,
  cancelled: null,
};

export const endedStatuses: readonly TaskStatus[] = ['merged', 'rejected', 'cancelled'];

export function hasEnded(status: TaskStatus): boolean {
  return endedStatuses.includes(status);
}

/** Design: at most three attempts, then blocked and a person is asked. */
export const MAX_ATTEMPTS = 3;

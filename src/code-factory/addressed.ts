import type { PersonaName } from '#src/ports/personas.ts';
import { nextStep, stepNames } from './task-status.ts';
import type { StepName } from './task-status.ts';
import type { Task } from './task.ts';

/** The steps in which a persona reads what people say. Tess hands out the work, and Moltbot looks back on it. */
const readingSteps: Readonly<Record<PersonaName, readonly StepName[]>> = {
  tess: [],
  piper: ['scope'],
  mason: ['plan'],
  vera: ['lock', 'check'],
  ollan: ['build'],
  moltbot: [],
};

/** Steps that are done again when the checks fail or somebody asks for changes. */
const again: ReadonlySet<StepName> = new Set(['build', 'check']);

export interface StepAhead {
  step: StepName;
  /** `maybe`: only if the work comes back. */
  when: 'now' | 'later' | 'maybe';
}

type Stand = Pick<Task, 'status' | 'paused' | 'waiting' | 'artifacts'>;

/** The next step in which this persona reads what people say; null: it has none, as far as can be told. */
export function stepAhead(persona: PersonaName, task: Stand): StepAhead | null {
  const from = comesNext(task);
  if (from === null) return null;
  const steps = readingSteps[persona];
  const next = steps.find((step) => stepNames.indexOf(step) >= stepNames.indexOf(from));
  if (next !== undefined) {
    const isNow = nextStep[task.status]?.step === next && !task.paused && task.waiting === null;
    return { step: next, when: isNow ? 'now' : task.status === 'in-review' ? 'maybe' : 'later' };
  }
  const repeated = steps.find((step) => again.has(step));
  return repeated === undefined || task.status === 'approved' ? null : { step: repeated, when: 'maybe' };
}

/** Whether words that were meant for `to` (null: whoever works on it) are for this persona. Nobody's words wait in vain. */
export function isFor(persona: PersonaName, to: PersonaName | null, task: Stand): boolean {
  return to === null || to === persona || stepAhead(to, task) === null;
}

/** Where the line goes on, at the least; null: it has ended. */
function comesNext({ status, artifacts }: Stand): StepName | null {
  switch (status) {
    case 'in-review':
    case 'blocked':
    case 'taken-over':
      return artifacts.lock === null ? 'assign' : 'build';
    default:
      return nextStep[status]?.step ?? null;
  }
}

import type { StepName } from '#src/code-factory/task-status.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import type { PersonaName } from '#src/ports/personas.ts';

/** Which step an event ends, and whose it was. All of these carry when the step began and how long it took. */
const ENDS = {
  'task.claimed': { step: 'claim', persona: 'tess' },
  'branch.created': { step: 'branch', persona: 'tess' },
  'assignment.dispatched': { step: 'assign', persona: 'tess' },
  'scope.clarified': { step: 'scope', persona: 'piper' },
  'plan.generated': { step: 'plan', persona: 'mason' },
  'behaviour.locked': { step: 'lock', persona: 'vera' },
  'code.generated': { step: 'build', persona: 'ollan' },
  'qa.passed': { step: 'check', persona: 'vera' },
  'qa.failed': { step: 'check', persona: 'vera' },
  'pull-request.opened': { step: 'open', persona: 'tess' },
  'pull-request.merged': { step: 'merge', persona: 'tess' },
} as const satisfies Partial<Record<EventType, { step: StepName; persona: PersonaName }>>;

type StepEnd = keyof typeof ENDS;

/** The step that an event ends; null: it ends none. */
export function stepOf(event: RecordedEvent) {
  if (!endsStep(event)) return null;
  const { attempt, timing } = event.body;
  return { ...ENDS[event.type], attempt, timing };
}

function endsStep(event: RecordedEvent): event is RecordedEvent & { type: StepEnd; body: EventBodies[StepEnd] } {
  return Object.hasOwn(ENDS, event.type);
}

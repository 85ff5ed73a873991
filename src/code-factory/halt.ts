import { FactoryError } from '#src/errors.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { DecisionMeta } from './decide.ts';

/**
 * A *halt* stops all work of the factory at once. Tasks keep their state: nothing is cancelled, and after the halt each
 * goes on where it stood.
 */
export interface Halt {
  /** `seq` of the fact in the ledger. */
  seq: number;
  by: string;
  /** ISO 8601 UTC. */
  at: string;
  /** Artifact with the words of whoever halted it. */
  reason: string | null;
  /** null: it still stands. */
  resumed: { by: string; at: string } | null;
}

/** The stream of what is true of the whole factory. */
export const FACTORY_STREAM = 'factory';

/** Every halt, oldest first. At most the last one still stands. */
export function foldHalts(events: readonly RecordedEvent[]): Halt[] {
  const halts: Halt[] = [];
  for (const { type, seq, actor, at, artifact } of events) {
    const last = halts.at(-1);
    if (type === 'factory.halted') halts.push({ seq, by: actor, at, reason: artifact, resumed: null });
    else if (type === 'factory.resumed' && last !== undefined) last.resumed = { by: actor, at };
  }
  return halts;
}

/** The halt that stands now; null: work goes on. */
export function standingHalt(events: readonly RecordedEvent[]): Halt | null {
  const last = foldHalts(events).at(-1);
  return last === undefined || last.resumed !== null ? null : last;
}

/** What a person asks of the whole factory. `reason`: hash of an artifact. */
type HaltCommand = { type: 'halt'; reason: string | null } | { type: 'resume' };

/** Nothing, where it stands still or goes on already. `originId`: of the words that asked; the same ones count once. */
export function decideHalt(
  command: HaltCommand,
  events: readonly RecordedEvent[],
  meta: DecisionMeta & { originId: string | null },
): EventDraft[] {
  const isHalted = standingHalt(events) !== null;
  if (isHalted === (command.type === 'halt')) return [];
  const type = command.type === 'halt' ? 'factory.halted' : 'factory.resumed';
  const idempotencyKey = meta.originId === null ? null : `${command.type}:${meta.originId}`;
  // Words that are delivered again after a resume must not halt anew what they halted before.
  if (idempotencyKey !== null && events.some((event) => event.idempotencyKey === idempotencyKey)) return [];
  return [
    {
      type,
      body: {},
      ...factBy(meta.actor, meta.at),
      artifact: command.type === 'halt' ? command.reason : null,
      cause: meta.cause,
      idempotencyKey,
    },
  ];
}

/** What a halt throws at work that is under way. */
export function haltedError({ by }: Halt): FactoryError {
  return new FactoryError('factory-halted', `${by} halted the factory, so nothing works at the moment.`, {
    fix: 'An approver says `resume all` in chat, or runs: workbench resume',
  });
}

/** Whether it was a halt that cut this short. */
export function wasHalted(error: unknown): boolean {
  return error instanceof FactoryError && error.code === 'factory-halted';
}

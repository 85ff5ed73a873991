import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { eventDefinitions } from '#src/ledger/event-types.ts';
import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import type { ArtifactReader, LedgerReader } from '#src/ports/unit-of-work.ts';

/** A ledger in memory, whose events have the bodies that real ones have. Its hashes are none. */
export interface PlantedLedger extends Pick<LedgerReader, 'read' | 'stream'> {
  events: RecordedEvent[];
  artifacts: ArtifactReader & { forget(hash: string): void };
}

interface Fact<T extends EventType> {
  type: T;
  body: EventBodies[T];
  at: number;
  actor?: string;
  content?: unknown;
}

export function createPlantedLedger() {
  const events: RecordedEvent[] = [];
  const kept = new Map<string, Artifact>();
  const runs = new Map<string, string>();
  const ledger: PlantedLedger = {
    events,
    async read(afterSeq, limit) {
      return events.slice(afterSeq, afterSeq + limit);
    },
    async stream(stream) {
      return events.filter((event) => event.stream === stream);
    },
    artifacts: {
      async get(hash) {
        return kept.get(hash) ?? null;
      },
      forget: (hash) => void kept.delete(hash),
    },
  };
  const add = <T extends EventType>({ type, body, at, actor, content }: Fact<T>): RecordedEvent => {
    const artifact = content === undefined ? null : jsonArtifact('packet', content);
    if (artifact !== null) kept.set(artifact.hash, artifact);
    const facts = eventDefinitions[type].body.parse(body) as EventBodies[T] & { taskId?: string; runId?: string };
    const taskId = facts.taskId ?? null;
    // As the factory does: from its claim on, all that a task does stands in its run.
    if (taskId !== null && facts.runId != null) runs.set(taskId, facts.runId);
    const seq = events.length + 1;
    const event: RecordedEvent = {
      ...{ type, body: facts, bodyText: canonicalJson(facts), version: eventDefinitions[type].version },
      ...{ seq, stream: `task:${taskId ?? 'none'}`, position: seq },
      ...{ actor: actor ?? 'factory', agent: null, taskId, runId: runs.get(taskId ?? '') ?? null },
      ...{ artifact: artifact?.hash ?? null, cause: null, idempotencyKey: null },
      ...{ at: new Date(at).toISOString(), prevHash: '', hash: '' },
    };
    events.push(event);
    return event;
  };
  return { ledger, add };
}

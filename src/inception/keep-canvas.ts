import type { Conversation } from '#src/ports/conversation.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Canvas } from './canvas.ts';
import { extractCanvas } from './extract.ts';

function inceptionStream(conversationId: string): string {
  return `inception:${conversationId}`;
}

/** What people said about items that were folded under *maybe*; the last word on a feature counts. */
function applyJudgements(canvas: Canvas, events: readonly RecordedEvent[]): Canvas {
  const verdicts = new Map<string, 'kept' | 'dropped'>();
  for (const event of events)
    if (isEvent(event, 'feature.judged')) verdicts.set(event.body.featureKey, event.body.verdict);
  return {
    ...canvas,
    features: canvas.features.map((feature) => {
      const verdict = verdicts.get(feature.key);
      if (verdict === undefined) return feature;
      return verdict === 'kept'
        ? { ...feature, maybe: false, basis: 'stated' as const }
        : { ...feature, maybe: false, status: 'removed' as const };
    }),
  };
}

/** Draws the canvas of a conversation as it now stands; a new version is recorded only when something changed. */
export async function keepCanvas(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  projectId: string,
  conversation: Conversation,
): Promise<Canvas> {
  const stream = inceptionStream(conversation.id);
  const extracted = extractCanvas(conversation);
  return unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    const canvas = applyJudgements(extracted, events);
    const artifact = jsonArtifact('canvas', canvas);
    const versions = events.filter((event) => isEvent(event, 'canvas.updated'));
    if (versions.at(-1)?.artifact === artifact.hash) return canvas;
    transaction.putArtifact(artifact);
    transaction.append(stream, events.length, [
      {
        type: 'canvas.updated',
        body: {
          inceptionId: conversation.id,
          projectId,
          conversationId: conversation.id,
          canvasVersion: versions.length + 1,
        },
        actor: 'persona:piper',
        agent: 'piper',
        taskId: null,
        runId: null,
        artifact: artifact.hash,
        cause: null,
        idempotencyKey: null,
        at: clock.now().toISOString(),
      },
    ]);
    return canvas;
  });
}

/** Records a person's word on a feature that was folded under *maybe*. */
export async function judgeFeature(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  judgement: { conversationId: string; featureKey: string; verdict: 'kept' | 'dropped'; actor: string },
): Promise<void> {
  const stream = inceptionStream(judgement.conversationId);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    transaction.append(stream, events.length, [
      {
        type: 'feature.judged',
        body: { inceptionId: judgement.conversationId, featureKey: judgement.featureKey, verdict: judgement.verdict },
        actor: judgement.actor,
        agent: null,
        taskId: null,
        runId: null,
        artifact: null,
        cause: null,
        idempotencyKey: null,
        at: clock.now().toISOString(),
      },
    ]);
  });
}

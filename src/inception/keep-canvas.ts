import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { applyRefinement } from './apply-refinement.ts';
import type { Canvas } from './canvas.ts';
import { applyEdits, itemKey, personsWords, withoutEdited } from './canvas-edits.ts';
import type { CanvasChange, CanvasEditContent, PersonsWords } from './canvas-edits.ts';
import { checkRefinement, countEntries } from './check-refinement.ts';
import type { CheckedRefinement } from './check-refinement.ts';
import { extractCanvas } from './extract.ts';
import { Refinement } from './refinement.ts';

/** Where everything about the canvas of a conversation is recorded. */
export function inceptionStream(conversationId: string): string {
  return `inception:${conversationId}`;
}

/** Keeps or drops features that were folded under *maybe*. */
function applyVerdicts(canvas: Canvas, verdicts: PersonsWords['verdicts']): Canvas {
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

export interface KeptCanvas {
  canvas: Canvas;
  /** What a model added earlier and still holds; null: none has read the conversation. */
  refinement: Refinement | null;
}

/**
 * Draws the canvas of a conversation as it now stands; a new version is recorded only when something changed.
 * `mayThink`: a model may read the conversation, and is to do so once its words have changed.
 */
export async function keepCanvas(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  projectId: string,
  conversation: Conversation,
  mayThink: boolean,
): Promise<KeptCanvas> {
  const stream = inceptionStream(conversation.id);
  const extracted = extractCanvas(conversation);
  return unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    const refinement = await latestRefinement(unitOfWork, events, conversation);
    const { edits, verdicts } = await personsWords(unitOfWork, events);
    const edited = applyEdits(extracted, edits);
    const refined = refinement === null ? edited : applyRefinement(edited, withoutEdited(refinement, edits));
    const canvas = applyVerdicts(refined, verdicts);
    const artifact = jsonArtifact('canvas', canvas);
    const versions = events.filter((event) => isEvent(event, 'canvas.updated'));
    const read = events.findLast((event) => isEvent(event, 'canvas.refined'))?.body.contentHash;
    const refine = mayThink && read !== hashConversation(conversation);
    if (versions.at(-1)?.artifact === artifact.hash && !refine) return { canvas, refinement };
    transaction.putArtifact(artifact);
    transaction.append(stream, events.length, [
      {
        type: 'canvas.updated',
        body: {
          inceptionId: conversation.id,
          projectId,
          conversationId: conversation.id,
          canvasVersion: versions.length + 1,
          refine,
        },
        ...factBy('persona:piper', clock.now().toISOString()),
        agent: 'piper',
        artifact: artifact.hash,
      },
    ]);
    return { canvas, refinement };
  });
}

async function latestRefinement(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  events: readonly RecordedEvent[],
  conversation: Conversation,
): Promise<Refinement | null> {
  const hash = events.findLast((event) => isEvent(event, 'canvas.refined') && event.artifact !== null)?.artifact;
  const artifact = hash === undefined || hash === null ? null : await artifacts.get(hash);
  if (artifact === null) return null;
  const refinement = Refinement.parse(contentOf(artifact));
  // Messages may have been edited since: what no longer rests on them goes.
  return checkRefinement(conversation, new Set(refinement.stories.map(({ key }) => key)), refinement).kept;
}

/** Records what a model made of a conversation as it read it. The canvas and the stories are drawn anew by the caller. */
export async function recordRefinement(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  conversation: Conversation,
  reading: { model: string } & ({ checked: CheckedRefinement } | { failure: string }),
): Promise<void> {
  const stream = inceptionStream(conversation.id);
  const checked = 'checked' in reading ? reading.checked : null;
  const artifact = checked === null ? null : jsonArtifact('refinement', checked.kept);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    if (artifact !== null) transaction.putArtifact(artifact);
    transaction.append(stream, events.length, [
      {
        type: 'canvas.refined',
        body: {
          inceptionId: conversation.id,
          conversationId: conversation.id,
          contentHash: hashConversation(conversation),
          model: reading.model,
          added: checked === null ? 0 : countEntries(checked.kept),
          refused: checked?.refused.length ?? 0,
          failure: 'failure' in reading ? reading.failure : null,
        },
        ...factBy('persona:piper', clock.now().toISOString()),
        agent: 'piper',
        artifact: artifact?.hash ?? null,
      },
    ]);
  });
}

/** Records what a person made of an item. The canvas and the stories are drawn anew by the caller. */
export async function editCanvas(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  edit: { conversationId: string; actor: string; change: CanvasChange; content: CanvasEditContent },
): Promise<void> {
  const stream = inceptionStream(edit.conversationId);
  const artifact = jsonArtifact('canvas-edit', edit.content);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    transaction.putArtifact(artifact);
    transaction.append(stream, events.length, [
      {
        type: 'canvas.edited',
        body: { inceptionId: edit.conversationId, itemKey: itemKey(edit.content), change: edit.change },
        ...factBy(edit.actor, clock.now().toISOString()),
        artifact: artifact.hash,
      },
    ]);
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
        ...factBy(judgement.actor, clock.now().toISOString()),
      },
    ]);
  });
}

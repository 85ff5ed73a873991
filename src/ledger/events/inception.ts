import * as z from 'zod';
import { defineEvent, ERASED } from '../define-event.ts';
import { insert, replace, update } from '../rows.ts';
import type { InceptionFeatureRow, InceptionItemRow } from '../rows.ts';

/** The part of a canvas artifact that the projection reads (the stage's own type is `src/inception/canvas.ts`). */
const item = z.object({ text: z.string(), evidence: z.array(z.int()) });
const canvasContent = z.object({
  vision: z.record(
    z.string(),
    z.object({ value: z.string().nullable(), basis: z.string(), evidence: z.array(z.int()) }),
  ),
  isIsNotDoesDoesNot: z.object({
    is: z.array(item),
    isNot: z.array(item),
    does: z.array(item),
    doesNot: z.array(item),
  }),
  goals: z.array(item),
  personas: z.array(z.object({ name: z.string(), evidence: z.array(z.int()) })),
  features: z.array(
    z.object({
      key: z.string(),
      text: z.string(),
      persona: z.string().nullable(),
      priority: z.string(),
      basis: z.string(),
      status: z.string(),
      inMvp: z.boolean().nullable(),
      maybe: z.boolean(),
      evidence: z.array(z.int()),
    }),
  ),
  constraints: z.array(item),
  openQuestions: z.array(item),
});

type CanvasContent = z.infer<typeof canvasContent>;

function itemsOf(canvas: CanvasContent): Omit<InceptionItemRow, 'id' | 'inceptionId' | 'position'>[] {
  const list = (kind: string, items: readonly z.infer<typeof item>[]) =>
    items.map(({ text, evidence }) => ({ kind, text, evidence }));
  return [
    ...Object.entries(canvas.vision).flatMap(([slot, { value, evidence }]) =>
      value === null ? [] : [{ kind: `vision.${slot}`, text: value, evidence }],
    ),
    ...list('is', canvas.isIsNotDoesDoesNot.is),
    ...list('isNot', canvas.isIsNotDoesDoesNot.isNot),
    ...list('does', canvas.isIsNotDoesDoesNot.does),
    ...list('doesNot', canvas.isIsNotDoesDoesNot.doesNot),
    ...list('goal', canvas.goals),
    ...canvas.personas.map(({ name, evidence }) => ({ kind: 'persona', text: name, evidence })),
    ...list('constraint', canvas.constraints),
    ...list('openQuestion', canvas.openQuestions),
  ];
}

function featureRows(inceptionId: string, canvas: CanvasContent): InceptionFeatureRow[] {
  return canvas.features.map((feature) => ({ id: `${inceptionId}/${feature.key}`, inceptionId, ...feature }));
}

function describeReading({
  added,
  refused,
  failure,
}: {
  added: number;
  refused: number;
  failure: string | null;
}): string {
  if (failure !== null) return 'A model was asked to read this too, and gave nothing that could be used.';
  const taken = added === 0 ? 'added nothing' : `added ${added}`;
  const turnedDown =
    refused === 0 ? '' : `; ${refused} more cited nothing that was said, and ${refused === 1 ? 'was' : 'were'} refused`;
  return `A model read this too and ${taken}${turnedDown}.`;
}

export const inceptionEvents = {
  /** The artifact is the whole canvas. */
  'canvas.updated': defineEvent({
    version: 1,
    body: z.strictObject({
      inceptionId: z.string(),
      projectId: z.string(),
      conversationId: z.string(),
      canvasVersion: z.int().min(1),
      /** A model is to read the conversation as it now stands. */
      refine: z.boolean().optional(),
    }),
    rows: ({ body, artifact, content, at }) => {
      const canvas = content === undefined ? null : canvasContent.parse(content);
      const { inceptionId } = body;
      const head =
        body.canvasVersion === 1
          ? insert('inceptions', {
              id: inceptionId,
              projectId: body.projectId,
              conversationId: body.conversationId,
              version: 1,
              canvasArtifact: artifact ?? ERASED,
              refine: body.refine ?? false,
              refinement: null,
              updatedAt: at,
            })
          : update('inceptions', inceptionId, {
              version: body.canvasVersion,
              canvasArtifact: artifact ?? ERASED,
              ...(body.refine === undefined ? {} : { refine: body.refine }),
              updatedAt: at,
            });
      return [
        head,
        replace('inception_features', { inceptionId }, canvas === null ? [] : featureRows(inceptionId, canvas)),
        replace(
          'inception_items',
          { inceptionId },
          canvas === null
            ? []
            : itemsOf(canvas).map((row, position) => ({
                id: `${inceptionId}/${position}`,
                inceptionId,
                position,
                ...row,
              })),
        ),
      ];
    },
  }),
  /** A model read the conversation. The artifact is what it added and was taken; null: nothing came of it. */
  'canvas.refined': defineEvent({
    version: 1,
    body: z.strictObject({
      inceptionId: z.string(),
      conversationId: z.string(),
      /** Hash over the messages that it read (`src/intake/conversation-hash.ts`). */
      contentHash: z.string(),
      model: z.string(),
      added: z.int().min(0),
      refused: z.int().min(0),
      /** Why nothing came of it: the code of an error, or null. */
      failure: z.string().nullable(),
    }),
    rows: ({ body }) => [update('inceptions', body.inceptionId, { refine: false, refinement: describeReading(body) })],
  }),
  /** A person changed one item, in words or in standing. The artifact is the item as they left it; the canvas follows. */
  'canvas.edited': defineEvent({
    version: 1,
    body: z.strictObject({
      inceptionId: z.string(),
      itemKey: z.string(),
      change: z.enum(['reworded', 'kept', 'dropped', 'non-goal']),
    }),
    rows: () => [],
  }),
  /** A person kept or dropped something that was folded under *maybe*. */
  'feature.judged': defineEvent({
    version: 1,
    body: z.strictObject({ inceptionId: z.string(), featureKey: z.string(), verdict: z.enum(['kept', 'dropped']) }),
    rows: ({ body }) => [
      update(
        'inception_features',
        `${body.inceptionId}/${body.featureKey}`,
        body.verdict === 'kept' ? { maybe: false, basis: 'stated' } : { maybe: false, status: 'removed' },
      ),
    ],
  }),
};

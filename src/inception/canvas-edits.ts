import { createHash } from 'node:crypto';
import * as z from 'zod';
import { contentOf } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { sayTheSame } from './apply-refinement.ts';
import type { Canvas, CanvasItem, VisionSlot } from './canvas.ts';
import { visionSlots } from './canvas.ts';
import type { Refinement } from './refinement.ts';
import { normalise } from './tokens.ts';

export const canvasChanges = ['reworded', 'kept', 'dropped', 'non-goal'] as const;
export type CanvasChange = (typeof canvasChanges)[number];

/** What a person made of one item. It holds all that the item needs, so that it stays when nothing else brings it. */
export const CanvasEditContent = z.strictObject({
  /** `feature`, `vision.<slot>`, or the name of the list. */
  kind: z.string(),
  /** Of a feature. */
  featureKey: z.string().nullable(),
  /** As it read before any person changed it: how it is known again. */
  original: z.string(),
  text: z.string(),
  evidence: z.array(z.int()),
});
export type CanvasEditContent = z.infer<typeof CanvasEditContent>;

export interface CanvasEdit extends CanvasEditContent {
  key: string;
  change: CanvasChange;
  by: string;
  /** ISO 8601 UTC. */
  at: string;
}

/** Names an item for good, whatever people make of its words. */
export function itemKey({ kind, featureKey, original }: Pick<CanvasEdit, 'kind' | 'featureKey' | 'original'>): string {
  const known = featureKey ?? (kind.startsWith('vision.') ? kind : normalise(original));
  return createHash('sha256')
    .update(JSON.stringify([kind, known]))
    .digest('hex')
    .slice(0, 16);
}

export interface PersonsWords {
  /** The last of each item. */
  edits: CanvasEdit[];
  /** By feature. */
  verdicts: ReadonlyMap<string, 'kept' | 'dropped'>;
}

/** What people said about items of a canvas, in the order in which they did; the last word on an item counts. */
export async function personsWords(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  events: readonly RecordedEvent[],
): Promise<PersonsWords> {
  const edits = new Map<string, CanvasEdit>();
  const verdicts = new Map<string, 'kept' | 'dropped'>();
  for (const event of events) {
    if (isEvent(event, 'feature.judged')) {
      const { featureKey, verdict } = event.body;
      verdicts.set(featureKey, verdict);
      // Its words stay as the person wrote them.
      for (const [key, edit] of edits)
        if (edit.featureKey === featureKey) edits.set(key, { ...edit, change: 'reworded' });
    } else if (isEvent(event, 'canvas.edited')) {
      const artifact = event.artifact === null ? null : await artifacts.get(event.artifact);
      if (artifact === null) continue;
      const content = CanvasEditContent.parse(contentOf(artifact));
      const { itemKey: key, change } = event.body;
      if (content.featureKey !== null && change !== 'reworded') verdicts.delete(content.featureKey);
      edits.set(key, { ...content, key, change, by: event.actor, at: event.at });
    }
  }
  return { edits: [...edits.values()], verdicts };
}

/** The canvas with what people changed. An item that nothing else brings any more stays with the words they gave it. Pure. */
export function applyEdits(canvas: Canvas, edits: readonly CanvasEdit[]): Canvas {
  return edits.reduce(applyEdit, canvas);
}

/** A model brings nothing back that a person has put into other words, or taken away. Pure. */
export function withoutEdited(refinement: Refinement, edits: readonly CanvasEdit[]): Refinement {
  const left =
    (kind: string) =>
    ({ text }: { text: string }): boolean =>
      !edits.some((edit) => edit.kind === kind && sayTheSame(edit.original, text));
  return {
    ...refinement,
    vision: refinement.vision.filter(({ slot }) => !edits.some(({ kind }) => kind === `vision.${slot}`)),
    features: refinement.features.filter(left('feature')),
    goals: refinement.goals.filter(left('goal')),
    constraints: refinement.constraints.filter(left('constraint')),
    openQuestions: refinement.openQuestions.filter(left('openQuestion')),
  };
}

function applyEdit(canvas: Canvas, edit: CanvasEdit): Canvas {
  const changed = edit.kind === 'feature' ? editFeature(canvas, edit) : editItem(canvas, edit);
  if (edit.change !== 'non-goal') return changed;
  const { doesNot } = changed.isIsNotDoesDoesNot;
  if (doesNot.some(({ text }) => text === edit.text)) return changed;
  return withLists(changed, { doesNot: [...doesNot, { text: edit.text, evidence: edit.evidence }] });
}

function editFeature(canvas: Canvas, { featureKey, text, change, evidence }: CanvasEdit): Canvas {
  if (featureKey === null) return canvas;
  const isOut = change === 'dropped' || change === 'non-goal';
  const known = canvas.features.find(({ key }) => key === featureKey) ?? {
    key: featureKey,
    text,
    persona: null,
    priority: 'unstated' as const,
    basis: 'stated' as const,
    status: 'active' as const,
    inMvp: null,
    evidence,
    maybe: false,
    withdrawnBy: null,
  };
  const feature = {
    ...known,
    text,
    maybe: false,
    ...(isOut ? { status: 'removed' as const } : { basis: 'stated' as const }),
    ...(change === 'kept' ? { status: 'active' as const, withdrawnBy: null } : {}),
  };
  const isKnown = canvas.features.some(({ key }) => key === featureKey);
  const features = isKnown
    ? canvas.features.map((one) => (one.key === featureKey ? feature : one))
    : [...canvas.features, feature];
  return { ...canvas, features };
}

function editItem(canvas: Canvas, edit: CanvasEdit): Canvas {
  const slot = visionSlots.find((one) => edit.kind === `vision.${one}`);
  if (slot !== undefined) return editVision(canvas, slot, edit);
  if (edit.kind === 'persona') {
    const personas = editList(canvas.personas, edit, ({ name }) => name, {
      change: (persona) => ({ ...persona, name: edit.text }),
      make: () => ({ name: edit.text, needs: [], evidence: edit.evidence }),
    });
    return { ...canvas, personas };
  }
  const list = listOf(canvas, edit.kind);
  if (list === null) return canvas;
  const items = editList(list, edit, ({ text }) => text, {
    change: (item) => ({ ...item, text: edit.text }),
    make: () => ({ text: edit.text, evidence: edit.evidence }),
  });
  return withLists(canvas, { [edit.kind]: items });
}

function editVision(canvas: Canvas, slot: VisionSlot, { text, change, evidence }: CanvasEdit): Canvas {
  const isOut = change === 'dropped' || change === 'non-goal';
  const value = isOut
    ? { value: null, basis: 'absent' as const, evidence: [] }
    : { value: text, basis: 'stated' as const, evidence: [...evidence] };
  return { ...canvas, vision: { ...canvas.vision, [slot]: value } };
}

function editList<Item>(
  items: readonly Item[],
  { key, kind, change }: CanvasEdit,
  textOf: (item: Item) => string,
  hands: { change: (item: Item) => Item; make: () => Item },
): Item[] {
  const isIt = (item: Item) => itemKey({ kind, featureKey: null, original: textOf(item) }) === key;
  if (change === 'dropped' || change === 'non-goal') return items.filter((item) => !isIt(item));
  return items.some(isIt) ? items.map((item) => (isIt(item) ? hands.change(item) : item)) : [...items, hands.make()];
}

function listOf(canvas: Canvas, kind: string): CanvasItem[] | null {
  const { is, isNot, does, doesNot } = canvas.isIsNotDoesDoesNot;
  const lists: Readonly<Record<string, CanvasItem[]>> = {
    ...{ is, isNot, does, doesNot },
    goal: canvas.goals,
    constraint: canvas.constraints,
    openQuestion: canvas.openQuestions,
  };
  return lists[kind] ?? null;
}

function withLists(canvas: Canvas, lists: Readonly<Record<string, CanvasItem[]>>): Canvas {
  const { goal = canvas.goals, constraint = canvas.constraints, openQuestion = canvas.openQuestions } = lists;
  const { is, isNot, does, doesNot } = { ...canvas.isIsNotDoesDoesNot, ...lists };
  return {
    ...canvas,
    isIsNotDoesDoesNot: { is, isNot, does, doesNot },
    goals: goal,
    constraints: constraint,
    openQuestions: openQuestion,
  };
}

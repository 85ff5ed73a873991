import type { CanvasEdit } from '#src/inception/canvas-edits.ts';
import type { InceptionFeatureRow, InceptionItemRow } from '#src/ledger/rows.ts';
import type { Card, CardAction, CardBlock } from '#src/ports/chat.ts';
import { canvasLines, featureLine, itemLine } from '../canvas-lines.ts';
import type { CanvasLine } from '../canvas-lines.ts';
import { action, card, count, item, why } from './card-parts.ts';
import { questionBlocks } from './question-blocks.ts';

const ITEM_TITLES: readonly { kind: string; title: string }[] = [
  { kind: 'goal', title: 'Goals' },
  { kind: 'persona', title: 'Who it is for' },
  { kind: 'is', title: 'Is' },
  { kind: 'isNot', title: 'Is not' },
  { kind: 'does', title: 'Does' },
  { kind: 'doesNot', title: 'Does not' },
  { kind: 'constraint', title: 'Constraints' },
];

const VISION_LABELS: Readonly<Record<string, string>> = {
  'vision.finalClient': 'For',
  'vision.problem': 'whose problem is',
  'vision.productName': 'the',
  'vision.category': 'is a',
  'vision.keyBenefit': 'that',
  'vision.alternative': 'Different from',
  'vision.keyDifference': 'our product',
};

/** The Lean Inception canvas, as Piper posts it: features first, questions last, the unsure and the dropped folded. */
export function canvasCard(
  conversationId: string,
  features: readonly InceptionFeatureRow[],
  items: readonly InceptionItemRow[],
  /** What came of a model's reading, in a sentence; null: none has read it. */
  reading: string | null = null,
  /** What people changed on it. */
  edits: readonly CanvasEdit[] = [],
): Card {
  const active = features.filter((feature) => feature.status === 'active' && !feature.maybe);
  const maybe = features.filter((feature) => feature.maybe && feature.status !== 'removed');
  const later = features.filter((feature) => !feature.maybe && feature.status === 'deferred');
  const dropped = features.filter((feature) => feature.status === 'removed');
  const questions = items.filter(({ kind }) => kind === 'openQuestion');
  const vision = items.filter(({ kind }) => kind.startsWith('vision.'));
  const folded = ITEM_TITLES.map(({ kind, title }) => ({
    title,
    rows: items.filter((row) => row.kind === kind),
  })).filter(({ rows }) => rows.length > 0);

  const blocks: CardBlock[] = [];
  if (active.length > 0)
    blocks.push({
      type: 'list',
      title: 'Features',
      items: active.map((feature) => featureItem(conversationId, feature, edits)),
    });
  if (maybe.length > 0) {
    blocks.push({
      type: 'fold',
      summary: `Maybe (${maybe.length}): keep or drop`,
      blocks: [
        {
          type: 'list',
          title: null,
          items: maybe.map((feature) => ({
            ...featureItem(conversationId, feature, edits),
            actions: [
              action(`keep-${feature.key}`, 'Keep', {
                type: 'judge-feature',
                conversationId,
                featureKey: feature.key,
                verdict: 'kept',
              }),
              action(`drop-${feature.key}`, 'Drop', {
                type: 'judge-feature',
                conversationId,
                featureKey: feature.key,
                verdict: 'dropped',
              }),
            ],
          })),
        },
      ],
    });
  }
  if (later.length + dropped.length > 0) {
    blocks.push({
      type: 'fold',
      summary: [
        ...(later.length > 0 ? [`Later (${later.length})`] : []),
        ...(dropped.length > 0 ? [`Dropped (${dropped.length})`] : []),
      ].join(', '),
      blocks: [
        {
          type: 'list',
          title: null,
          items: [...later, ...dropped].map((feature) => ({
            ...featureItem(conversationId, feature, edits),
            detail: editWords(featureLine(feature, edits).edit) ?? (feature.status === 'removed' ? 'dropped' : 'later'),
          })),
        },
      ],
    });
  }
  if (vision.length > 0) {
    blocks.push({
      type: 'fold',
      summary: 'Vision',
      blocks: [
        {
          type: 'list',
          title: null,
          items: vision.map((row) =>
            item(`${VISION_LABELS[row.kind] ?? row.kind} **${row.text}**`, {
              detail: editWords(itemLine(row, edits).edit),
              why: why(conversationId, row.evidence),
            }),
          ),
        },
      ],
    });
  }
  if (folded.length > 0) {
    blocks.push({
      type: 'fold',
      summary: folded.map(({ title, rows }) => `${title} (${rows.length})`).join(', '),
      blocks: folded.map(({ title, rows }) => ({
        type: 'list' as const,
        title,
        items: rows.map((row) =>
          item(row.text, { detail: editWords(itemLine(row, edits).edit), why: why(conversationId, row.evidence) }),
        ),
      })),
    });
  }
  blocks.push(
    ...questionBlocks(questions, (row, hint) =>
      item(row.text, {
        mark: 'question',
        detail: editWords(itemLine(row, edits).edit) ?? hint,
        why: why(conversationId, row.evidence),
      }),
    ),
  );
  if (reading !== null) blocks.push({ type: 'text', text: reading });
  const lines = canvasLines([...active, ...maybe, ...later, ...dropped], items, edits);
  const actions = lines.length === 0 ? [] : [editAction(conversationId, lines)];
  return card('canvas', lead(active.length, questions.length), { blocks, actions });
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  feature: 'Feature',
  goal: 'Goal',
  persona: 'For',
  is: 'Is',
  isNot: 'Is not',
  does: 'Does',
  doesNot: 'Does not',
  constraint: 'Constraint',
  openQuestion: 'Question',
};

/** A form, so that the card needs no button for every line. */
function editAction(conversationId: string, lines: readonly CanvasLine[]): CardAction {
  return action(
    'edit-canvas',
    'Edit canvas',
    { type: 'edit-canvas', conversationId },
    {
      input: {
        label: 'New words, if they should change',
        required: false,
        choices: [
          {
            name: 'item',
            label: 'What is not right?',
            options: lines.map(({ key, kind, text }) => ({
              value: key,
              text: `${KIND_NAMES[kind] ?? 'Vision'}: ${text}`,
            })),
          },
          {
            name: 'change',
            label: 'What should become of it?',
            options: [
              { value: 'reworded', text: 'It gets the new words below' },
              { value: 'kept', text: 'Keep it' },
              { value: 'dropped', text: 'Drop it' },
              { value: 'non-goal', text: 'Not a goal: name it under “does not”' },
            ],
          },
        ],
      },
    },
  );
}

/** Whose word it is that an item stands as it does; null: it comes from the conversation alone. */
function editWords(edit: CanvasEdit | null): string | null {
  if (edit === null) return null;
  const was = edit.text === edit.original ? '' : `; it was “${edit.original}”`;
  switch (edit.change) {
    case 'reworded':
      return was === '' ? null : `changed by ${edit.by}${was}`;
    case 'kept':
      return `kept by ${edit.by}${was}`;
    case 'dropped':
      return `dropped by ${edit.by}${was}`;
    case 'non-goal':
      return `not a goal, says ${edit.by}${was}`;
  }
}

function featureItem(conversationId: string, feature: InceptionFeatureRow, edits: readonly CanvasEdit[]) {
  const facts = [
    feature.priority === 'unstated' ? null : feature.priority,
    feature.persona === null ? null : `for ${feature.persona}`,
    feature.inMvp === true ? 'in the MVP' : null,
    editWords(featureLine(feature, edits).edit),
  ].filter((fact) => fact !== null);
  return item(feature.text, {
    detail: facts.length === 0 ? null : facts.join(' · '),
    why: why(conversationId, feature.evidence),
  });
}

function lead(features: number, questions: number): string {
  if (features === 0) return 'I did not find anything to build in this conversation yet. Tell me what it should do.';
  const asked =
    questions === 0
      ? 'No question is open.'
      : `${count(questions, 'question')} ${questions === 1 ? 'is' : 'are'} open; answer here in your own words.`;
  return `This is what I understood: ${count(features, 'feature')}. ${asked}`;
}

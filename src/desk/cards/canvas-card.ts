import { visionSlots } from '#src/inception/canvas.ts';
import { slotQuestions } from '#src/inception/questions.ts';
import { answerBeginnings } from '#src/inception/vision.ts';
import type { InceptionFeatureRow, InceptionItemRow } from '#src/ledger/rows.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { action, card, count, item, why } from './card-parts.ts';

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

/** Beside the question of an empty slot: words that fill it. */
const HINTS: ReadonlyMap<string, string> = new Map(
  visionSlots.map((slot) => [slotQuestions[slot], `“${answerBeginnings[slot]}”`]),
);

/** Nobody answers seven questions at once; the rest of the vision's empty slots fold. */
const QUESTIONS_AT_ONCE = 2;

/** The Lean Inception canvas, as Piper posts it: features first, questions last, the unsure and the dropped folded. */
export function canvasCard(
  conversationId: string,
  features: readonly InceptionFeatureRow[],
  items: readonly InceptionItemRow[],
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
      items: active.map((feature) => featureItem(conversationId, feature)),
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
            ...featureItem(conversationId, feature),
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
      summary: `Later (${later.length}) and dropped (${dropped.length})`,
      blocks: [
        {
          type: 'list',
          title: null,
          items: [...later, ...dropped].map((feature) => ({
            ...featureItem(conversationId, feature),
            detail: feature.status === 'removed' ? 'dropped' : 'later',
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
          items: vision.map(({ kind, text, evidence }) =>
            item(`${VISION_LABELS[kind] ?? kind} **${text}**`, { why: why(conversationId, evidence) }),
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
        items: rows.map(({ text, evidence }) => item(text, { why: why(conversationId, evidence) })),
      })),
    });
  }
  const asked = questions.filter(({ evidence }) => evidence.length > 0);
  const empty = questions.filter(({ evidence }) => evidence.length === 0);
  const shown = asked.length === 0 ? empty.slice(0, QUESTIONS_AT_ONCE) : asked;
  const rest = asked.length === 0 ? empty.slice(QUESTIONS_AT_ONCE) : empty;
  const questionItem = ({ text, evidence }: InceptionItemRow) =>
    item(text, { mark: 'question', detail: HINTS.get(text) ?? null, why: why(conversationId, evidence) });
  if (shown.length > 0) blocks.push({ type: 'list', title: 'Open questions', items: shown.map(questionItem) });
  if (rest.length > 0) {
    blocks.push({
      type: 'fold',
      summary: `${rest.length} more, about the vision`,
      blocks: [{ type: 'list', title: null, items: rest.map(questionItem) }],
    });
  }
  return card('canvas', lead(active.length, questions.length), { blocks });
}

function featureItem(conversationId: string, feature: InceptionFeatureRow) {
  const facts = [
    feature.priority === 'unstated' ? null : feature.priority,
    feature.persona === null ? null : `for ${feature.persona}`,
    feature.inMvp === true ? 'in the MVP' : null,
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

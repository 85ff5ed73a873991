import type { Thinking } from '#src/code-factory/thinking.ts';
import type { ReadConversation } from '#src/desk/refiner.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Canvas } from '#src/inception/canvas.ts';
import { Refinement } from '#src/inception/refinement.ts';
import type { ModelCalls } from '#src/model-calls/model-calls.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { think } from '../thinking/think.ts';
import { charactersIn } from '../thinking/window.ts';
import { READ_INSTRUCTIONS } from './instructions.ts';
import { messageText } from './message-text.ts';
import { piper } from './persona.ts';

/** A message longer than this is mostly pasted; its head and tail say what it is. */
const MAX_MESSAGE_CHARACTERS = 6000;
/** Share of the window that the conversation may fill; the rest is for instructions and the answer. */
const WINDOW_SHARE = 0.5;
const OUTLINE_SHARE = 0.2;
const MAX_ANSWER_TOKENS = 6000;

/** Piper reads for the refiner, on calls of the conversation's own. */
export function createConversationReader({ thinking, clock }: { thinking: Thinking; clock: Clock }): ReadConversation {
  return async (conversation, drafts, signal) => {
    const { projectId, id: conversationId } = conversation;
    const occasion = hashConversation(conversation);
    const calls = await thinking.openConversation({ projectId, conversationId, occasion }, 'refine', 'piper');
    if (calls === null) return null;
    return { model: calls.model, proposed: await readConversation(conversation, drafts, { calls, signal, clock }) };
  };
}

/** What Piper proposes for a conversation, in the people's own terms. Errors: those of the model's port, `answer-unusable`. */
async function readConversation(
  conversation: KeptConversation,
  { canvas, stories }: { canvas: Canvas; stories: readonly StoryDraft[] },
  { calls, signal, clock }: { calls: ModelCalls; signal: AbortSignal; clock: Clock },
): Promise<Refinement> {
  const room = charactersIn(calls.windowTokens * WINDOW_SHARE);
  const proposed = await think<Refinement>(
    {
      persona: piper,
      instructions: READ_INSTRUCTIONS,
      material: [
        'The canvas and the stories so far:',
        // Rules drew it from what people said, letter by letter.
        wrapOutsideText({
          origin: 'what rules drew from the conversation',
          text: JSON.stringify(outline(canvas, stories)),
          maxCharacters: charactersIn(calls.windowTokens * OUTLINE_SHARE),
        }),
        'The conversation:',
        ...conversationText(conversation, room),
      ].join('\n\n'),
      answer: { name: 'refinement', schema: Refinement, problems: () => [] },
      tools: [],
      maxAnswerTokens: MAX_ANSWER_TOKENS,
    },
    { calls, hear: async () => [], signal, clock },
  );
  return clean(proposed);
}

/** Fit to be shown to people. Messages are counted from 1 before a model, as before people, and from 0 in the factory. */
function clean(refinement: Refinement): Refinement {
  const text = (words: string) => cleanOutbound(words, {}).trim();
  const positions = (numbers: readonly number[]) => [...new Set(numbers.map((number) => number - 1))];
  const item = <Item extends { text: string; evidence: number[] }>(one: Item): Item => ({
    ...one,
    text: text(one.text),
    evidence: positions(one.evidence),
  });
  return {
    vision: refinement.vision.map((one) => ({
      ...one,
      value: text(one.value),
      evidence: positions(one.evidence),
    })),
    features: refinement.features.map((one) => ({
      ...item(one),
      persona: one.persona === null ? null : text(one.persona),
    })),
    goals: refinement.goals.map(item),
    constraints: refinement.constraints.map(item),
    openQuestions: refinement.openQuestions.map(item),
    stories: refinement.stories.map(({ key, title, narrative, criteria }) => ({
      key,
      title: title === null ? null : text(title),
      narrative: narrative === null ? null : text(narrative),
      criteria: criteria.map((one) => ({
        ...item(one),
        given: one.given.map(text),
        when: one.when.map(text),
        then: one.then.map(text),
      })),
    })),
  };
}

/** Only what the model needs to see in order not to repeat it. */
function outline(canvas: Canvas, stories: readonly StoryDraft[]) {
  const texts = (items: readonly { text: string }[]) => items.map(({ text }) => text);
  return {
    vision: Object.fromEntries(Object.entries(canvas.vision).map(([slot, { value }]) => [slot, value])),
    features: canvas.features.map(({ text, status, maybe }) => ({ text, status, maybe })),
    goals: texts(canvas.goals),
    constraints: texts(canvas.constraints),
    openQuestions: texts(canvas.openQuestions),
    stories: stories.map(({ key, title, narrative, criteria }) => ({
      key,
      title,
      narrative,
      criteria: texts(criteria),
    })),
  };
}

/** The latest messages are what counts; when not all fit, the middle gives way and it is said how many are missing. */
function conversationText({ messages }: KeptConversation, room: number): string[] {
  const wrapped = messages.map((message) => ({
    position: message.position,
    text: messageText(message, MAX_MESSAGE_CHARACTERS),
  }));
  const whole = wrapped.reduce((sum, { text }) => sum + text.length, 0);
  if (whole <= room) return wrapped.map(({ text }) => text);
  const kept = new Set<number>();
  let used = 0;
  const take = ({ position, text }: (typeof wrapped)[number], share: number): void => {
    if (used + text.length > room * share || kept.has(position)) return;
    kept.add(position);
    used += text.length;
  };
  for (const message of wrapped.slice(0, 10)) take(message, 0.3);
  for (const message of wrapped.toReversed()) take(message, 1);
  const missing = messages.length - kept.size;
  return [
    `(${missing} of ${messages.length} messages are left out for length.)`,
    ...wrapped.filter(({ position }) => kept.has(position)).map(({ text }) => text),
  ];
}

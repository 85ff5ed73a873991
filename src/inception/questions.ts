import { type CanvasItem, type VisionSlot, type VisionValue, visionSlots } from './canvas.ts';
import { ItemList } from './item-list.ts';
import { isMeetingTalk } from './lexicon.ts';
import type { Said } from './statements.ts';
import { keyTokens } from './tokens.ts';

/** What Piper asks for each empty slot of the vision. */
export const slotQuestions: Record<VisionSlot, string> = {
  finalClient: 'Who is this for?',
  problem: 'Which problem of theirs should it solve?',
  productName: 'What is the product called?',
  category: 'What kind of thing is it: an app, a service, a library?',
  keyBenefit: 'What is the one thing people gain from it?',
  alternative: 'What do people use today instead?',
  keyDifference: 'What will it do better than that?',
};

const putAside =
  /\b(?:not sure|don't know|no idea|good question|let's think|worth thinking|to be (?:decided|defined|discussed|clarified)|tbd|we(?:'ll| will) (?:see|decide|discuss|think)|(?:decide|discuss|clarify|revisit|figure (?:it|that) out) (?:it |that |this )?(?:later|in more detail|next time)|depends|have to think|need to think|open question)\b/i;
const namedOpen = /\bopen question[:\s–—-]+(.{8,200})/i;
const aboutTheTalk =
  /^(?:\W|so|and|okay|ok|well|right|now)*(?:(?:what|how|which|where|who|why|is|are|do|does|did|can|could|shall|should|may|any|anyone|perhaps|maybe|isn't|will) )?(?:(?:do|can|could|would|shall|should|did|may|are) )?(?:you|i|we|everyone|anyone|this the|that|they)? ?(?:see|hear|mind|agree|ready|questions?|okay|ok|fine|right|start|show|want me|mean|prefer|like|send|open|use for|done|add anything|have any)\b/i;

/**
 * What is still to be answered: questions that people asked and nobody answered, questions put off, what an assistant asked
 * last, and one question for every empty slot of the vision (those have no evidence).
 */
export function readQuestions(conversation: readonly Said[], vision: Record<VisionSlot, VisionValue>): CanvasItem[] {
  const list = new ItemList();
  for (const [index, said] of conversation.entries()) {
    const next = conversation[index + 1];
    for (const piece of said.pieces) {
      const named = said.role === 'person' ? namedOpen.exec(piece.text)?.[1] : undefined;
      if (named !== undefined) list.add(named, [said.position]);
    }
    const question = said.pieces.at(-1)?.text ?? '';
    if (!isProductQuestion(question)) continue;
    if (said.role === 'assistant') {
      if (next === undefined && !isOffer(question)) list.add(question, [said.position]);
    } else if (next === undefined) list.add(question, [said.position]);
    else if (next.role === 'person' && next.speaker !== said.speaker && leavesOpen(next))
      list.add(question, [said.position, next.position]);
  }
  const asked = list.finish();
  const empty = visionSlots.filter((slot) => vision[slot].basis === 'absent');
  return [...asked, ...empty.map((slot) => ({ text: slotQuestions[slot], evidence: [] }))];
}

function isProductQuestion(sentence: string): boolean {
  return (
    /\?["')]*$/.test(sentence) &&
    keyTokens(sentence).size >= 3 &&
    !isMeetingTalk(sentence) &&
    !aboutTheTalk.test(sentence)
  );
}

function isOffer(sentence: string): boolean {
  return /\b(?:want me to|shall i|should i|would you like|do you want|let me know)\b/i.test(sentence);
}

/** The answer puts the question aside, or asks back without saying anything. */
function leavesOpen(answer: Said): boolean {
  if (putAside.test(answer.prose)) return true;
  return answer.pieces.length === 1 && /\?["')]*$/.test(answer.prose);
}

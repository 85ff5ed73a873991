import { type VisionSlot, type VisionValue, visionSlots } from './canvas.ts';
import { isMeetingTalk } from './lexicon.ts';
import type { Said } from './statements.ts';
import { cleanText, cutAtWord } from './wording.ts';

/** One line on a card. Characters. */
const maxValueLength = 140;

/** The whole sentence of the book: For X who Y, the Z is a C that B. Unlike A, our product D. Each part may be missing after the category. */
const wholeSentence =
  /\bfor ([^,.\n]{3,80}?),? (?:who(?:se)?|that) ([^,.\n]{3,160}),\s*(?:the )?([A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}) is an? ([^,.\n]{3,80}?)(?:,? (?:that|which) ([^.\n]{3,160}))?(?:\.\s*(?:unlike|different from) ([^,.\n]{2,80}),\s*(?:our product|it|the product|[A-Z]\w+) ([^.\n]{3,160}))?(?:\.|$)/i;

const name = `["“']?([A-Z][\\w-]*(?:[ .][A-Z0-9][\\w-]*){0,3})["”']?`;
const thing =
  '(?:product|app|application|tool|project|game|service|site|website|system|library|bot|platform|[Ii]t|[Tt]his|[Tt]hat)';

/** What a thing can be, when the whole answer is "It is a small library". */
const kinds =
  '(?:app|application|tool|game|service|site|website|system|library|bot|platform|plug-?in|extension|script|package|command|api)';

/** Sentence shapes in which people state one slot outright. The last one stated wins: names and plans change. */
const stated: readonly { slot: VisionSlot; pattern: RegExp }[] = [
  {
    slot: 'productName',
    pattern: new RegExp(`\\b${thing}(?:'s name)? (?:is|will be|should be|'s) (?:called|named) ${name}`),
  },
  {
    slot: 'productName',
    pattern: new RegExp(`\\b(?:[Cc]all|[Nn]ame) (?:it|this|the (?:product|app|tool|game|service|project)) ${name}`),
  },
  { slot: 'productName', pattern: new RegExp(`\\b(?:product|app|project|tool|working) name(?: is|:) ${name}`) },
  {
    slot: 'alternative',
    pattern: /\b(?:unlike|different from|an alternative to|a replacement for|to replace) ([^,.;:!?\n]{2,80})/i,
  },
  {
    slot: 'keyDifference',
    pattern:
      /\b(?:unlike|different from) [^,.;:!?\n]{2,80}, (?:our product |the product |ours |it |we )?([^.!?\n]{5,160})/i,
  },
  {
    slot: 'keyDifference',
    pattern:
      /\b(?:what makes (?:it|us|this) different|the (?:main |key |big )?difference) is (?:that )?([^.!?\n]{5,160})/i,
  },
  {
    slot: 'finalClient',
    pattern:
      /\b(?:target (?:audience|users?|group|customers?|market)|primary users?|main users?|our (?:users|customers|clients|audience)) (?:is|are|will be|would be)(?: the| of course)? ([^,.;:!?\n]{3,80})/i,
  },
  {
    slot: 'finalClient',
    pattern: new RegExp(
      `\\b(?:the |our |this )(?:product|app|application|tool|game|service|site|system|platform) is (?:meant |made |intended )?for ([^,.;:!?\\n]{3,80})`,
      'i',
    ),
  },
  {
    // A whole answer to "Who is this for?". With a comma it would go on: "For users who wait, show a bar".
    slot: 'finalClient',
    pattern: /^(?:it(?:'s| is) (?:meant )?)?for ([^,.;:!?\n]{3,60}? who(?:se)? [^,.;:!?\n]{3,80})[.!]?$/i,
  },
  {
    slot: 'problem',
    pattern:
      /(?<!\b(?:if|since|when) )\b(?:the|their|our) (?:main |real |big(?:gest)? |core )?(?:problem|pain(?: point)?|trouble|issue) (?:that )?(?:(?:we|they|people|users) (?:have|face|solve) )?is (?:that )?([^.!?\n]{8,160})/i,
  },
  {
    slot: 'category',
    pattern: new RegExp(
      `\\b(?:the|our|this) (?:product|app|application|tool|project|service|system|platform) (?:is|will be) (?:basically |essentially |purely |simply |just )?(an? [^,.;:!?\\n]{3,80}?)(?: (?:that|which|for|where|with)\\b|[,.;:!?]|$)`,
      'i',
    ),
  },
  {
    slot: 'category',
    pattern: new RegExp(`^(?:it(?:'s| is)|this is) (an? (?:[\\w-]+ ){0,4}${kinds})[.!]?$`, 'i'),
  },
  {
    slot: 'keyBenefit',
    pattern: /^the (?:main |key |biggest |one )?(?:benefit|gain) is (?:that )?([^.!?\n]{8,160})/i,
  },
  {
    slot: 'keyBenefit',
    pattern:
      /\b(?:the )?(?:(?:core|heart|essence|idea|value) of (?:the|our|this) (?:product|app|tool|game|project|service|system|platform)|main (?:benefit|value|selling point)|key benefit) is (?:that )?([^.!?\n]{8,200})/i,
  },
  {
    slot: 'keyBenefit',
    pattern:
      /\b(?:our|the|this) (?:product|app|tool|service|platform|system) (?:helps|enables|lets|allows) ([^.!?\n]{8,160})/i,
  },
];

/** How a sentence begins that fills a slot for certain, to be shown beside its question. */
export const answerBeginnings: Readonly<Record<VisionSlot, string>> = {
  finalClient: 'For … who …',
  problem: 'The problem is that …',
  productName: 'It is called …',
  category: 'It is a … library',
  keyBenefit: 'The benefit is that …',
  alternative: 'Unlike …, it …',
  keyDifference: 'Unlike …, it …',
};

/** Fills only what people said outright; every other slot stays absent, to be asked. */
export function readVision(conversation: readonly Said[]): Record<VisionSlot, VisionValue> {
  const vision = Object.fromEntries(visionSlots.map((slot) => [slot, absent()])) as Record<VisionSlot, VisionValue>;
  for (const said of conversation) {
    if (said.role === 'assistant') continue;
    const whole = wholeSentence.exec(said.prose);
    if (whole !== null) fillAll(vision, whole, said.position);
    for (const piece of said.pieces) {
      // A question names nothing; talk about the meeting has problems of its own.
      if (/\?\s*$/.test(piece.text) || isMeetingTalk(piece.text)) continue;
      for (const { slot, pattern } of stated) {
        const value = pattern.exec(piece.text)?.[1];
        if (value !== undefined) fill(vision, slot, value, said.position);
      }
    }
  }
  return vision;
}

function fillAll(vision: Record<VisionSlot, VisionValue>, match: RegExpExecArray, position: number): void {
  for (const [index, slot] of visionSlots.entries()) {
    const value = match[index + 1];
    if (value !== undefined) fill(vision, slot, value, position);
  }
}

function fill(vision: Record<VisionSlot, VisionValue>, slot: VisionSlot, raw: string, position: number): void {
  const value = cutAtWord(cleanText(raw.split(/,? (?:because|so that|since) /)[0] ?? raw), maxValueLength);
  if (value.length < 2) return;
  const before = vision[slot];
  const evidence = before.value === value ? [...new Set([...before.evidence, position])] : [position];
  vision[slot] = { value, basis: 'stated', evidence };
}

function absent(): VisionValue {
  return { value: null, basis: 'absent', evidence: [] };
}

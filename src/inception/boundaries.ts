import type { Canvas, CanvasFeature, CanvasItem } from './canvas.ts';
import { ItemList } from './item-list.ts';
import { isMeetingTalk } from './lexicon.ts';
import type { Said } from './statements.ts';
import { keyTokens } from './tokens.ts';
import { startsWithVerb } from './wording.ts';

const product =
  '(?:the (?:product|app|application|system|tool|game|service|site|platform|project|main point(?: here)?|mvp)|our (?:product|app|application|tool|game|service|project|solution)|this (?:product|app|tool|project|service)|it|this)';
const is = new RegExp(
  `\\b${product}(?: is|'s| will be) (?:first of all |actually )?(?:purely|mainly|basically|primarily|positioned as|essentially|more (?:of|as|like)|meant as|seen as) (?:as )?((?:an? |the )?[^,.;:!?\\n]{4,90})`,
  'i',
);
const seenAs =
  /\b(?:see|think of|position|treat|view) (?:it|this|the (?:product|app|tool)) (?:more |mainly |primarily )?as (an? [^,.;:!?\n]{4,90})/i;
const isNot = new RegExp(
  `\\b${product}(?:'s| is| will be) not (?:just |only )?((?:an? (?!must|should|could|problem|need|bad)|limited to |for |meant )[^,.;:!?\\n]{3,90})|\\b${product} (?:isn't|won't be) ((?:an? |limited to |for |meant )[^,.;:!?\\n]{3,90})`,
  'i',
);
const does = new RegExp(
  `^(?:and |so |also )?${product} (?:also )?((?:lets|allows|helps|enables|tracks|shows|sends|analy[sz]es|imports|exports|creates|supports|automatically|notifies|stores|counts|finds|keeps) [^.;:!?\\n]{4,120})`,
  'i',
);
const doesNot =
  /(?:\b(?:should(?:n't| not)|must(?:n't| not)|may not|never)|^(?:and |so |but )?(?:please )?(?:don't|do not)) (?:be |have to |need to |ever )?((?!you|we|i\b|have|know|think|want|need|worry|mind|see|like|understand|remember|really|always|worry|forget|do |do$)[a-z]+(?: [^.;:!?\n]{4,120}))/i;

/** "We never published the old addresses" is history, not a rule; "must never be published" is one. */
function tellsOfThePast(text: string): boolean {
  const [, before = '', verb = ''] =
    /^(.*?)\bnever (?:have |ever |really |actually )?(?!be\b)([a-z]+)/i.exec(text) ?? [];
  if (verb === '' || /\b(?:should|must|may|shall|can|will|would|to)\W*$/i.test(before)) return false;
  const past =
    /^(?:had|was|were|did|went|got|made|saw|said|came|took|gave|knew|thought|found|kept|sent|built|wrote|ran|told|left|felt|meant|met|paid|sold|spoke|spent|understood|began|broke|brought|bought|chose|drew|fell|forgot|grew|held|heard|lost|showed|won|been|seen|done|gone)$/i.test(
      verb,
    ) ||
    (/[a-z]{2}ed$/i.test(verb) &&
      !/^(?:need|feed|embed|exceed|proceed|succeed|speed|bleed|seed|heed|breed)$/i.test(verb));
  return past || /\b(?:has|have|had|'ve)\W*$/i.test(before);
}

/** The four lists, from sentences that say so; what was taken out of scope stands among what it is not, or does not. */
export function readBoundaries(
  conversation: readonly Said[],
  features: readonly CanvasFeature[],
): Canvas['isIsNotDoesDoesNot'] {
  const lists = { is: new ItemList(), isNot: new ItemList(), does: new ItemList(), doesNot: new ItemList() };
  for (const said of conversation) {
    if (said.role === 'assistant') continue;
    for (const piece of said.pieces) {
      const { text } = piece;
      if (/\?["')]*$/.test(text) || isMeetingTalk(text) || text.length > 500) continue;
      add(lists.is, is.exec(text)?.[1] ?? seenAs.exec(text)?.[1], said);
      const not = isNot.exec(text);
      add(lists.isNot, not?.[1] ?? not?.[2], said);
      add(lists.does, does.exec(text)?.[1], said);
      if (/^(?:i|you|we) (?:don't|do not|can't|won't|cannot)\b/i.test(text)) continue;
      if (!tellsOfThePast(text)) add(lists.doesNot, doesNot.exec(text)?.[1], said);
    }
  }
  for (const feature of features) {
    if (feature.status === 'removed')
      (startsWithVerb(feature.text) ? lists.doesNot : lists.isNot).add(feature.text, feature.evidence);
  }
  return {
    is: lists.is.finish(),
    isNot: lists.isNot.finish(),
    does: lists.does.finish(),
    doesNot: lists.doesNot.finish(),
  };
}

function add(list: ItemList, text: string | undefined, said: Said): void {
  if (text !== undefined && keyTokens(text).size >= 2) list.add(text, [said.position]);
}

const goal =
  /\b(?:(?:the|our|my|main|key|business|first) )+(?:goals?|aim|objective|target|point here|thing) (?:here |for us |of (?:the|this) [a-z]+ )?(?:is|are|would be|will be)(?: to| that| for)? ([^.!?\n]{6,160})|\b(?:we|i) (?:aim|hope|are trying|try) to ([^.!?\n]{6,160})|\bsuccess (?:means|is|looks like)(?: when| if| that)? ([^.!?\n]{6,160})|\b(?:set (?:a|the) (?:threshold|target|goal)|work(?:ing)? toward) ?[–—:-]? ?([^.!?\n]{6,160})/i;
const measured =
  /\b(?:at least|reach|achieve|up to|target of|more than|increase|reduce|cut)\b[^.!?\n]{0,60}\d+(?:\.\d+)?\s?(?:%|percent|users?|customers?|minutes?|seconds?|hours?)/i;

export function readGoals(conversation: readonly Said[]): CanvasItem[] {
  const list = new ItemList();
  for (const said of conversation) {
    if (said.role === 'assistant') continue;
    for (const piece of said.pieces) {
      if (/\?["')]*$/.test(piece.text) || isMeetingTalk(piece.text)) continue;
      const match = goal.exec(piece.text);
      const text =
        match === null
          ? measured.test(piece.text)
            ? piece.text
            : undefined
          : (match[1] ?? match[2] ?? match[3] ?? piece.text);
      if (text !== undefined && keyTokens(text).size >= 2) list.add(text, [said.position]);
    }
  }
  return list.finish();
}

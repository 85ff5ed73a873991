import { orderVerbs } from './acknowledgement.ts';

const politeOpening =
  /^(?:(?:please|now|then|next|also|and|so|ok|okay|great|good|perfect|nice|cool|thanks|thank you|yes|yeah|yep|sure|right|fine|hi|hello|hey|well|but|actually|just|first|second|third|finally|additionally|lastly|there|works|lovely|looks good|that works|no|one more thing|another thing)(?:[,.!:;—–-]+\s*|\s+))+/i;
const asking =
  /^(?:(?:can|could|would|will) (?:you|we|i)(?: (?:please|also|now|just|then|maybe|kindly))*|(?:i|we)(?:'d| would)?(?: (?:also|really|just|now|still))* (?:need|want|like|love)(?: (?:you|us|it|me))?(?: to have| to)?|(?:i|we) (?:also )?(?:think|believe|suggest|guess|propose)(?: that)?|(?:we|you|they|it|users?|the (?:app|system|user|product|site|tool|game|application|software)) (?:also |really |definitely |just )*(?:should|must|needs? to|has to|have to|can|could|will|would)(?: (?:also|be able to|probably|definitely|really|just|then))*|(?:i|we)(?:'ll| will)(?: (?:also|definitely|probably|just|then))*|there(?:'s| is| are)(?: also)?(?= (?:an?|the|some|several|two|sorting|[a-z]+ing)\b)|let's(?: (?:also|just|now))*|how (?:do|can|could|would|should) (?:i|we|you)|make sure(?: that| to)?|it would be (?:nice|great|good|cool|helpful) (?:to(?: have)?|if(?: (?:we|you|it) (?:could|had|can))?)|there (?:should|must|has to|needs to|will) be|(?:is there )?a way to|how about(?: adding)?|what about(?: adding)?|i'd (?:also )?(?:suggest|recommend|like)(?: to)?)\s+/i;

/** "I'd like the report to show sizes": make the report show sizes. */
const wishFor =
  /^(?:i|we)(?:'d| would)? (?:also |really |just )*(?:need|want|like) (?!(?:you|us|it|me|to|them)\b)((?:(?:the|our|my|its|each|every) )?[\w$.`()-]+) to (?=[a-z])/i;

/** Cuts at a word, never inside one; the end gets an ellipsis only when something was cut. */
export function cutAtWord(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, maxLength);
  const space = head.lastIndexOf(' ');
  const whole = space > maxLength / 3 ? head.slice(0, space) : head.slice(0, -1);
  return `${whole.replace(/[\s,;:.–—(-]+$/, '')}…`;
}

/** Markdown emphasis, quotes around the whole, list leftovers and doubled spaces off; ends without a full stop. */
export function cleanText(text: string): string {
  let clean = text
    .replaceAll(/\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])/g, '')
    .replaceAll(/\[([^\]\n]{1,200})\]\([^)\s]{1,500}\)/g, '$1')
    // Spaces inside quotes are what somebody typed: `"A  B"` is an example with two.
    .replaceAll(/("[^"\n]*"|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w))|\s+/g, (_, quoted?: string) => quoted ?? ' ')
    .trim();
  clean = clean
    .replace(/^["“]([^"“”]{1,400})["”]$|^'([^']{1,400})'$/u, '$1$2')
    .replace(/^[-–—:,;.]+\s*/, '')
    .replace(/(?<!\b(?:etc|e\.g|i\.e))[\s.,;:–—-]+$/i, '');
  return clean.trim();
}

/** The words of politeness and asking off the front: "Could you please also add X" becomes "add X". */
export function stripAsking(text: string): string {
  let rest = text.replaceAll(/[’‘]/g, "'").trim().replace(wishFor, 'make $1 ');
  for (let round = 0; round < 4; round += 1) {
    const next = rest.replace(politeOpening, '').replace(asking, '').trim();
    if (next === rest || next === '') break;
    rest = next;
  }
  return rest;
}

export function capitalise(text: string): string {
  // A name in code keeps its case: `slugify`, iPhone, npm.
  return /^[a-z]+(?=[\s,.]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

const doing = new RegExp(
  `^(?:${orderVerbs}|see|view|open|start|pick|choose|select|hear|listen|play|pause|track|receive|get|upload|download|share|compare|browse|search|find|filter|sign|register|edit|manage|assign|report|review|define|configure|connect|run|grant|retry|prioriti[sz]e|surface|highlight|enter|notify|mark|pronounce|practi[sc]e|deploy|host|approve|suggest|specify|count|stop|resume|order|pay|book|invite|comment|upvote|vote|reply|learn|watch|read|scan|detect|recogni[sz]e|measure|monitor|launch|restore|archive|schedule|remind|copy|paste|publish|draw|group|tag|label|link|sync|migrate|upgrade|call|check|ask|answer|avoid|prevent|protect|encrypt|require|accept|expire|lock|unlock|center|align|calculate|compute|fetch|summari[sz]e|plan|install|loop|reverse|match|encode|decode|compress|resize|crop|animate|style|query|insert|append|clone|cancel|collect|tap|click|press|assign|enable|disable|reset|log|take|speak|say|tell|give|offer|pass|push|pop|bring)(?![\\w'-])`,
  'i',
);

/** Whether a phrase begins with the bare form of a verb. */
export function startsWithVerb(text: string): boolean {
  return doing.test(text);
}

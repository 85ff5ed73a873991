/**
 * What a person's message does to what was said just before it: takes it up, turns it down, complains, asks for
 * something, asks a question. Word lists, not understanding: when none matches, the answer is "none", never a guess.
 */
export interface Reading {
  reaction: 'accepts' | 'declines' | 'complains' | 'none';
  /** Asks for something to be made or changed. */
  asks: boolean;
  /** Asks to be told something. */
  question: boolean;
  /** Nothing but the reaction: "Yes.", "Great, thanks". */
  bare: boolean;
  /** A declining that is only an opening "No": after an offer it turns down the offer, not what was delivered. */
  onlySaysNo: boolean;
}

const yesWords =
  "yes|yeah|yea|yep|yup|sure|ok|okay|okey|great|perfect|excellent|awesome|nice|cool|good|super|lovely|fantastic|wonderful|brilliant|amazing|exactly|correct|right|agreed|i agree|confirmed|approved?|i approve|fine|works|lgtm|thanks|thank you|thx|cheers|love it|i like it|looks good|sounds good|go ahead|go for it|do it|do that|let's do (?:it|that)|let's go|ship it|merge it|understood|got it|clear|alright|all right|all good|of course|absolutely|definitely|completely fine|fair enough|makes sense|that works|that's (?:great|good|perfect|it|fine|right|correct|what i|exactly|better)|(?:much )?better|uh-huh|👍|✅|🎉|💯|🚀|❤️";

const opensWithYes = new RegExp(`^(?:${yesWords})(?![\\w'-])`, 'iu');
const onlyYes = new RegExp(
  `^(?:(?:${yesWords}|so much|a lot|very|really|that|this|is|it|all|now|then|for|me|to|us|please|i|you|with|problem|no|very much)(?:[\\s,.!;:)-]+|$))+$`,
  'iu',
);

const approval =
  /\b(?:that|this|it|which|all|everything|they|tests?)(?:'s| is| are| looks?| works?| seems?| pass(?:es)?)(?: all| now| really| very| just| pretty)* (?:great|good|perfect|fine|nice|well|better|correct|right|perfectly|green|now)\b|\b(?:that|this|it|which) works\b|\blooks (?:good|great|right|fine|perfect)\b|\bworks (?:now|great|perfectly|well|fine|for me|like a charm)\b|\b(?:merge|ship|commit|keep|take) (?:it|this|that)\b|\blet's (?:go with|keep|take|use|ship|merge)\b|\b(?:tests|all) pass\b|\bi(?:'ll| will) (?:take|use|go with) (?:it|this|that)\b|\bi (?:really )?(?:like|love) (?:it|this|that)\b|\bexactly what i\b/i;

const opensWithNo =
  /^(?:no|nope|nah|no way)(?![\w'-])(?!,? (?:problem|worries|worry|rush|objections?|questions?|doubt|biggie|issues?|complaints?|pictures?|need)\b)/i;

// Verbs that also name features ("an undo button") count only where a sentence or clause orders them.
const orderOpening =
  "(?:^|[.,;:!?—–-]\\s+|\\n\\s*|\\b(?:please|just|let's|can you|could you|would you|you can|actually|and|then|so|i'd|i would|better)\\s+)";
const turnsBack = new RegExp(
  `${orderOpening}(?:revert|undo|roll(?: it| that| this)? back|scrap|discard|back (?:that|it|this) out|throw (?:that|it|this|the \\w+) (?:away|out)|take (?:that|it|this) (?:back|out)|drop (?:that|it|this|these|those|the)\\b|forget (?:that|it|this|about|the)\\b|leave (?:that|it|this|the|out|\\S+ out)\\b|ditch|never ?mind)`,
  'i',
);
const turnsDown =
  /\bnot like (?:this|that)\b|\b(?:that|this|it|which)(?:'s| is| was| looks?)?(?: just| completely| plain| all| simply| totally)* wrong\b|\bleave\b(?:[^.!?\n]|\.(?=\w)){1,60}\bout\b|\b(?:i|we) (?:do not|don't|didn't|did not) (?:want|like|need|ask for|mean) (?:that|this|it|the|any|a|an|to)\b|(?:^|[.,;!]\s+)(?:please )?(?:do not|don't) (?:use|do|add|include|keep|take|commit|merge|apply) (?:that|this|it|any of)\b|\bgo back to (?:the|my|your|what)\b|\bi (?:preferred|prefer|liked) (?:the|my|your) (?:previous|earlier|first|old|last|original|other)\b|\bnot what i (?:asked|wanted|meant|need|had in mind)\b|\bi(?:'d| would) rather (?:not|keep)\b|\bkeep (?:the|my) (?:previous|earlier|first|old|last|original) (?:one|version|code|file)\b|\bdon't (?:want|like) (?:it|that|this)\b|\bnot (?:that|this) (?:one|version|way)\b|\bi reject\b|\bwon't (?:use|take) (?:it|this|that)\b/i;

const complaint =
  /\b(?:does not|doesn't|did not|didn't|isn't|is not|not|won't|still doesn't) (?:work|working|compile|run|pass|build|help)\b|\b(?:it|this|that|which|test|tests|code|build|function|still) (?:still |now |always |just )*(?:fails?|failed|throws?|threw|crash(?:es|ed)?|breaks?|broke|hangs?|errors?)\b|\b(?:i|we) (?:still |now )?(?:get|got|see|am getting|'m getting|are getting)\b[^.!?\n]{0,40}\b(?:error|exception|failure|undefined|nan|traceback|null|warning)\b|\b(?:is|it's|that's|are|looks?) (?:still |all |now |completely )*(?:broken|buggy|incorrect|wrong|off|bad|a bug)\b|\b(?:there's|there is|there are|found|has|have) (?:still )?(?:a|an|another|some) (?:bug|error|problem|issue|mistake|typo)\b|\byou (?:forgot|missed|broke|didn't|did not|misunderstood|left out|removed|changed|ignored)\b|\b(?:is|are|was) missing\b|\b(?:that|this|it) should(?:n't| not)(?: be| have)?(?: happen(?:ed)?| the case| there)\b|\bwrong\b|(?:^|[.!]\s)(?:that|this|it) only [a-z]+s\b|\b(?:gives?|returns?|prints?|produces?|outputs?|shows?)\b[^.!?\n]{1,60}\b(?:instead of|rather than|but (?:it |i )?(?:should|expected|want))\b|\b(?:traceback|syntaxerror|typeerror|referenceerror|assertionerror)\b/i;

/** Verbs with which people order something made or changed. */
export const orderVerbs =
  'write|create|build|scaffold|bootstrap|implement|add|make|generate|give|show|convert|refactor|rewrite|change|update|fix|rename|remove|delete|move|put|use|handle|support|extend|split|extract|replace|return|help|design|develop|port|translate|turn|set|allow|ensure|improve|optimi[sz]e|simplify|document|combine|merge|expose|sort|validate|parse|draft|provide|include|keep|cover|test|treat|strip|trim|ignore|limit|cache|log|print|display|render|save|store|load|send|export|import|introduce|switch|wrap|guard|reject|refuse|escape|lowercase|round|skip|do|try|cut|raise|lower|increase|decrease|reduce|join|collapse|preserve|apply|check|count|format|group|hide|normali[sz]e|retry|speed up|clean up|shorten|highlight|prefer';

/** "Can you explain …" asks to be told, not for a change. */
const tellVerbs =
  'please|also|now|just|then|maybe|kindly|explain|tell|describe|elaborate|clarify|see|hear|believe|remember|say|confirm|imagine|think|guess|summari[sz]e|walk|talk|repeat|understand|read|look|answer|be|have|know|recommend|suggest|compare|point';

const softOpening =
  '(?:(?:please|now|then|next|also|and|so|ok|okay|great|good|perfect|nice|cool|thanks|thank you|yes|yeah|yep|sure|right|fine|hi|hello|hey|well|first|second|finally|but|actually|just|maybe|additionally|no|one more thing|another thing|there|works|lovely|looks good|that works)[,.!:;—–-]*\\s+)*';
const asksPattern = new RegExp(
  `^${softOpening}(?:${orderVerbs})(?![\\w'-])|\\b(?:can|could|would|will) you (?:please |also |now |just |then |maybe |kindly )*(?!(?:${tellVerbs})\\b)[a-z]{2,}\\b|\\bplease (?:also |now |just )*(?:${orderVerbs})\\b|\\b(?:i|we)(?:'d| would)? (?:also |really |just |now |still )*(?:need|want|like to have|like you to|like to|require)\\b|\\b(?:it|this|that|they|we|there|you|users?|the \\w+(?: \\w+)?) (?:also |now |still |really |definitely )*(?:should|must|has to|have to|needs? to|ought to)\\b|\\w\\([^()\\n]{0,100}\\) (?:should|must)\\b|\\blet's (?:also |now |then |please )*(?:${orderVerbs})\\b|\\bhow (?:do|can|could|would|should|to)\\b|\\bis there a way\\b|\\bwhat about (?:adding|a|an|also)\\b|\\b(?:is|was|are) supposed to\\b|\\bit would be (?:nice|great|good|cool|helpful)\\b|\\bas an? [\\w -]{2,40}, ?i (?:want|need|would like)\\b`,
  'iu',
);
const saysHow =
  /^(?:(?:no|yes|ok|okay|but|and|also|actually|please|well)[,.!]*\s+)*(?:what|why|how|who|when|where|which|does|do|did|is|are|was|will|would|could|can|should|may|shall|has|have)\b/i;

/** Reads one message's prose (code already taken out). Pure; linear in its length. */
export function readMessage(prose: string): Reading {
  const text = prose.replaceAll(/[’‘]/g, "'").trim();
  if (text === '') return { reaction: 'none', asks: false, question: false, bare: true, onlySaysNo: false };
  const bare = text.length <= 80 && onlyYes.test(text);
  const asks = !bare && text.split(/\n+|(?<=[.!?])\s+/).some((sentence) => asksPattern.test(sentence.trim()));
  const question = text.includes('?') && (/\?\s*$/.test(text) || saysHow.test(text));
  const complains = complaint.test(text);
  const turned = turnsBack.test(text) || turnsDown.test(text);
  if (turned || opensWithNo.test(text)) {
    return { reaction: 'declines', asks, question, bare: false, onlySaysNo: !turned && !complains };
  }
  if (complains && !/^(?:please )?(?:write|create|build|implement|generate)\b/i.test(text)) {
    return { reaction: 'complains', asks, question, bare: false, onlySaysNo: false };
  }
  if (bare || opensWithYes.test(text) || approval.test(text)) {
    return { reaction: 'accepts', asks, question, bare, onlySaysNo: false };
  }
  return { reaction: 'none', asks, question, bare: false, onlySaysNo: false };
}

const offer =
  /\b(?:want me to|shall i|should i|would you like(?: me)?|do you want|i (?:can|could) also|let me know if you(?:'d| would) like|i'd (?:suggest|recommend)|how about|we could|you could|we can|i suggest|i propose|i recommend|what if we)\b/i;

/** The sentence with which somebody offered more than was asked ("Want me to add a CLI too?"), or null. */
export function findOffer(prose: string): string | null {
  const sentences = prose.replaceAll(/[’‘]/g, "'").split(/\n+|(?<=[.!?])\s+/);
  for (let index = sentences.length - 1; index >= 0; index -= 1) {
    const sentence = sentences[index]?.trim() ?? '';
    if (offer.test(sentence)) return sentence;
  }
  return null;
}

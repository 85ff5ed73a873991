/** Something that people took back or put off, as one sentence says it. */
export interface Withdrawal {
  kind: 'removed' | 'deferred';
  /** The words that name it; null when the sentence only points ("drop that"): what was said just before. */
  target: string | null;
  sentence: string;
}

const clause = '((?:(?! [-–] )[^.,;:!?\\n—()]|\\.(?=\\w)){1,80})';
const start =
  "(?:^|[,;:.!—–-]\\s*|\\b(?:and|but|so|then|please|actually|ok|okay|yes|no|let's|let us|we can|we could|we should|we'll|we will|you can|i'd|i would|i'll|just|also)\\s+)";

const nice = '(?:nice|great|good|cool|useful|handy|helpful|lovely|neat)(?: to have)?(?: to add)?';
const notNow =
  '(?:later|some ?day|eventually|at some point|down the road|in (?:the |a )?(?:future|later|next) ?(?:version|release|iteration|milestone|phase|sprint)?|(?:for|in) (?:v ?2|version (?:2|two)|phase (?:2|two))|after (?:the )?(?:mvp|launch|release)|(?:but |just |though )*not (?:(?:in|for|part of) (?:the |our |this )?(?:mvp|first (?:version|release)|version (?:1|one)|v ?1)|(?:right )?now|yet))';
const modalWish =
  '(?:(?:we|you|i|it|they|users?) )?(?:could|might|may|can|should|would|will)(?: also| then)?(?: want| like| need)?(?: to)?';

/** Sentence shapes that put something off. Each has one group: what is put off. */
const deferring: RegExp[] = [
  new RegExp(
    `^(?:and |but |also |so |maybe |perhaps )*(?:it (?:would|might|could) be|it'd be) ${nice} (?:if (?:we|it|there|you) (?:had|has|could have|were|was|could)|having|to have|to see|with)? ?${clause}?,? ${notNow}$`,
    'i',
  ),
  new RegExp(
    `^(?:and |but |also |so |maybe |perhaps )*${clause} (?:would|might|could) be (?:a )?${nice},? ${notNow}`,
    'i',
  ),
  new RegExp(
    `^(?:and |but |also |so |maybe |perhaps )*${notNow},? (?:maybe |perhaps )?${modalWish} (?:add|have|build|offer|support|include|do|get|provide) ${clause}$`,
    'i',
  ),
  new RegExp(
    `${start}(?:postpone|defer|park|shelve|delay|deprioriti[sz]e|table|leave|move|push|revisit|keep|save|do|add|skip|handle|consider) ${clause}?\\b(?:for later|till later|until later|to later|later|for now|for the future|to the next|to a later|for version|for v\\d|to v\\d|for the next|to phase|after the (?:mvp|launch|release))\\b`,
    'i',
  ),
  new RegExp(`${start}(?:postpone|defer|park|shelve|deprioriti[sz]e) ${clause}`, 'i'),
  new RegExp(
    `^(?:but |and |also |so )?${clause}?\\b(?:is |are |isn't |it's |that's |this is )?(?:(?:definitely |clearly |probably )?not (?:in|for|part of) (?:the |our |this )?(?:mvp|first (?:version|release)|version (?:1|one)|v ?1)|can wait|(?:comes?|goes|belongs?|should (?:come|go|be)|will (?:come|be)) (?:in )?(?:(?:a |the )?(?:later|next|future|second)|later)|is for later|are for later|not (?:right )?now|out of the mvp)\\b`,
    'i',
  ),
  new RegExp(
    `^(?:but |and |also |so )?${clause}?\\b(?:maybe |perhaps |come |comes |implemented |much |can come )?(?:later|in (?:a |the )?(?:later|next|future) (?:version|release|iteration|milestone|phase|sprint)|in phase (?:2|two)|for the (?:far[- ])*future|some ?day|down the road)$`,
    'i',
  ),
];

/** Sentence shapes that take something back. Each has one group: what is taken back. */
const removing: RegExp[] = [
  new RegExp(
    `${start}(?:drop|scrap|ditch|forget(?: about)?|kill|cancel|abandon|never ?mind(?: about)?|get rid of|leave out|take out|undo|revert) ${clause}`,
    'i',
  ),
  new RegExp(`\\blet'?s (?:just )?(?:remove|skip|cut|omit|exclude|delete) ${clause}`, 'i'),
  new RegExp(
    `\\blet'?s not (?:do|add|build|have|include|support|bother (?:with|about)|make|offer|use|go with|implement)?\\s*${clause}`,
    'i',
  ),
  new RegExp(
    `\\b(?:we|i|they|team) (?:have |also |have also |'ve |decided to |agreed to )*(?:removed?|dropped|drop|cut|scrapped|cancell?ed|abandoned|ditched|excluded) ${clause}`,
    'i',
  ),
  new RegExp(
    `\\b(?:we|i|you|users?|they|nobody|no one) (?:really |actually |probably )?(?:do not|don't|won't|will not|no longer|do no longer|doesn't|does not) (?:really |actually |even )?(?:need|want|do|build|support|have|include|require|offer)s? ${clause}`,
    'i',
  ),
  new RegExp(`\\b(?:there(?:'s| is) )?no (?:more )?need (?:for|to have|to (?:build|add|support|do)) ${clause}`, 'i'),
  new RegExp(`${start}leave ${clause} out\\b`, 'i'),
  new RegExp(`\\b(?:abandon(?:ing)?|dropping|removing|scrapping) (?:the idea of |the )?${clause}`, 'i'),
  new RegExp(
    `^(?:but |and |also |so |yes |no )?${clause} (?:is|are|'s) (?:now |clearly |definitely )?(?:out of scope|off the table|out|overkill|not (?:needed|necessary|wanted)(?: any ?more)?|no longer (?:needed|wanted|necessary)|cancell?ed|dropped|removed|unnecessary)\\b`,
    'i',
  ),
  new RegExp(`^(?:but |and |also |so |yes |then )?${clause} (?:isn't|aren't) (?:needed|necessary|wanted)\\b`, 'i'),
  new RegExp(`^no ${clause} (?:please|any ?more)\\b`, 'i'),
];

const pointers =
  /^(?:which|what|that|this|it|those|these|them|one|that one|this one|that part|this part|the whole thing|the idea|that idea|this idea|there|so|all of (?:that|it|this))$/i;
const tail =
  /\s+(?:for now|later|any ?more|anymore|then|completely|entirely|altogether|again|too|either|please|from (?:the|our|this|mvp)\b.*|in (?:the|our|this|mvp|v\d)\b.*|because\b.*|since\b.*|as\b.*|for (?:the|this|our) (?:mvp|moment|time being|first|next|release|launch|version|sprint|v\d)\b.*|until\b.*|at (?:this|the)\b.*|right now|yet|though|instead|if\b.*)$/i;

function cleanTarget(raw: string | undefined): string | null {
  let target = (raw ?? '').trim();
  for (let previous = ''; previous !== target; ) {
    previous = target;
    target = target.replace(tail, '').trim();
  }
  target = target
    .replace(
      /^(?:about |having |doing |adding |building |the idea of |to (?:do|add|build|have|be|use|support) |any |an? |the |our |your |that |this |those |these )+(?=\S)/i,
      '',
    )
    .replace(/^["'`]+|["'`]+$/g, '')
    .trim();
  return target === '' || pointers.test(target) || /^(?:is|are|was|be|not|to|will|would|can)$/i.test(target)
    ? null
    : target;
}

/**
 * What one sentence takes back or puts off, or null. A question takes nothing back, and "remove the dashes" is an order
 * about code, not a withdrawal: "remove" counts only after "let's" or in the past tense.
 */
export function findWithdrawal(rawSentence: string): Withdrawal | null {
  const sentence = rawSentence.replaceAll(/[’‘]/g, "'").trim();
  if (sentence.endsWith('?') || sentence.length > 600) return null;
  const body = sentence.replace(/[.!\s]+$/, '');
  for (const pattern of deferring) {
    const match = pattern.exec(body);
    if (match !== null) return { kind: 'deferred', target: cleanTarget(match[1]), sentence };
  }
  for (const pattern of removing) {
    const match = pattern.exec(body);
    if (match !== null) return { kind: 'removed', target: cleanTarget(match[1]), sentence };
  }
  return null;
}

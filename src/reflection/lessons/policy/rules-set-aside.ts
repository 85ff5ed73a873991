import { AGENTS, GAP, GUARDED, NO, patterns, verbs } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const ASIDE = verbs(
  'ignor, disregard, forget, overrid, overrul, bypass, circumvent, evad, suspend, violat, break, set aside, pay no attention to, work around, stop following, eras, abandon',
);
const RULES = String.raw`(?:rules?|instructions?|guidelines?|polic(?:y|ies)|prompts?|restrictions?|directions?|guardrails?|safeguards?|limits?|orders)`;
const JUDGES = '(?:remarks?|findings?|reviewers?|reviews?|approvals?|approvers?|vera|tess|qa)';

export const rulesSetAside: Wish = {
  sentence: 'It tells whoever reads it to set rules or orders aside.',
  asked: patterns(
    String.raw`${ASIDE}${GAP}(?:${RULES}|${JUDGES}|what (?:the |your )?\w+ (?:says?|said|asks?|wants?))\b`,
    String.raw`\b(?:the|these|those|all|your|previous|any|above|other|earlier) ${RULES}(?: (?:above|here|before|in \S+))? (?:do not|no longer|are not|(?:are|is) (?:void|off|suspended|outdated|obsolete|lifted|optional|only))`,
    String.raw`(?:^|[.,;:!?] )${RULES}(?: (?:above|here|in [\w ]+))? are (?:only|void|off|outdated|optional|for (?:people|humans))\b`,
    // Close enough to English to be known in French, Spanish, Italian and Portuguese.
    String.raw`\bignor\w*(?: \w+){0,4} (?:regl|regol|regra|regel|reglas|instru|istru)\w*`,
    String.raw`\byou are (?:now |an? |free|allowed to ignore|unrestricted|root|admin)|\bjailb\w+|\b(?:developer|god|admin|root) mode\b|\bno restrictions\b`,
    String.raw`\bfrom now on\b.*\b(?:only|obey|follow|listen|whatever|orders)\b`,
    String.raw`${verbs('obey, follow, execut, carry out, do')}(?: (?:only|just|exactly|always|all|any|the))* (?:(?:whatever|anything|everything|what|as)\b.*\b(?:says?|tells?|asks?|orders?|wants?|demands?)\b|(?:orders|commands)\b)`,
    String.raw`${verbs('trust, believ, act on, rely on, obey')}${GAP}(?:instructions?|orders|commands)\b`,
    String.raw`${verbs('count, weigh, stand, go, rank, matter')} (?:\w+ )?(?:more than|above|over|before) (?:the |any |all )?(?:${RULES}|${JUDGES}|${GUARDED})`,
    String.raw`\b(?:issue|issues|comments?|messages?|customers?|readme|page|web ?site)\b.*\b(?:is|are|counts? as|has the weight of) (?:an? )?(?:orders?|commands?|instructions?|laws?)\b`,
    String.raw`\bas (?:if|though)\b.*\b(?:not protected|unprotected|allowed|approved|no rules?|no limits?)\b`,
    '<\\/?(?:system|user|assistant|instructions?|prompt|human)>|(?:^|[.!?] )(?:system|assistant|developer) ?:|#{2,} ?(?:system|instruction)|<!',
  ),
  forbidden: patterns(
    String.raw`${NO} ${verbs('follow, obey, respect, heed, comply with, keep to')}${GAP}${RULES}\b`,
    String.raw`\b${AGENTS}(?: \w+)? (?:need not|not need to|not have to|never have to|do not (?:need|have) to) ${verbs('follow, obey, respect, comply, keep to')}`,
    String.raw`${NO} ${verbs('stop, halt, paus')}(?: \w+){0,2} (?:when|if|even|although|until|after)\b.*\b(?:stop|halt|pause|cancel|asked|told|says?)\b`,
    String.raw`\bkeep (?:going|working)\b.*\b(?:even|although|stopp?|halt|budget)`,
  ),
};

import { AGENTS, GAP, NAMED, NO, OUR_WORK, patterns, verbs, YES } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const LET_THROUGH = verbs(
  'approv, merg, sign off, wave through, rubber stamp, accept, deploy, releas, publish, lgtm, ship',
);
/** As an order. A product's own orders may well be `approved automatically`. */
const LET_IT_THROUGH = String.raw`\b(?:approve|merge|sign off|wave through|rubber stamp|accept|deploy|release|publish|ship)s?\b`;
const BY_ITSELF = String.raw`\b(?:automatically|by (?:itself|yourself|themselves)|on (?:your|its|their) own|unasked|blindly|unseen|directly|right away|at once|immediately)\b`;

export const noPersonAsked: Wish = {
  sentence: 'It wants something approved or merged without a person.',
  asked: patterns(
    String.raw`${LET_IT_THROUGH}(?:${GAP}${OUR_WORK})?(?: of \w+)? ${BY_ITSELF}`,
    String.raw`${OUR_WORK}(?: of \w+)? (?:may be|can be|should be|must be|be|are|is|get|gets)(?: always)? (?:approved|merged|accepted|deployed|released|waved through) (?:.* )?(?:automatically|without|by (?:itself|themselves|agents?|personas?|the factory|you))`,
    String.raw`${LET_THROUGH}.*\bwithout (?:\w+ ){0,3}(?:${YES}|asking|waiting|person|people|human|humans|checks?|tests?|qa|looking|questions?)\b`,
    String.raw`${LET_THROUGH}(?: \w+){0,3} (?:first|now|at once|right away)\b.*\b(?:review|test|check|look|ask)\w*(?: \w+){0,2} (?:later|afterwards|after)\b`,
    String.raw`\b(?:always|simply|just|please|auto) (?:approve|merge|accept|sign off|wave through)\b(?:$|[.,;!?]|${GAP}${OUR_WORK})`,
    String.raw`${LET_THROUGH} (?:all|every|any|each|everything|anything|my|your|their|its|these)\b(?:$|[.,;!?]|${NAMED}{0,4} ${OUR_WORK}|(?<=thing))`,
    String.raw`${verbs('approv, merg, accept, review, sign off')}(?: \w+){0,3} own ${OUR_WORK}`,
    String.raw`\b${AGENTS}(?: \w+)? (?:may|can|should|shall|must|(?:are|is) (?:allowed|free) to) (?:\w+ly )?(?:approve|merge|accept|sign off|decide|deploy|release)\b`,
    String.raw`\b(?:permission|allowed|free|entitled|right|authori[sz]ed|trusted|welcome|fine|okay|go ahead) (?:to|and) (?:\w+ly )?(?:approve|merge|accept|sign off|decide|deploy|release)\b|\b(?:approv|sign|merg|decid|accept)\w* (?:\w+ ){0,3}(?:on behalf of|in the name of)|\b(?:speak|decide|act)s? (?:for|in place of) (?:the )?(?:\w+ now|approvers?|reviewers?)`,
    String.raw`\bno (?:${YES}|person|human) (?:of \w+ )?(?:is |are )?(?:needed|necessary|required)`,
    String.raw`\b${YES} (?:is|are) (?:not (?:needed|necessary|required)|optional|unnecessary|implied|assumed|superfluous|given|granted|a formality)`,
    String.raw`\b(?:not need|need no)(?: an?| any)? ${YES}`,
    String.raw`\b(?:push|commit|write)(?:es|ing|s)?(?: \w+){0,3} (?:to|into|on) (?:the )?(?:main|master|trunk|base branch)\b|\bforce push|\bpush (?:-f|--force)`,
    String.raw`\bauto ?(?:merge|approve|accept|deploy)(?! is (?:off|not|forbidden|disabled))`,
    String.raw`${verbs('treat, tak, count, consider, regard, read, interpret, accept')}\b.* as (?:an? |the )?(?:${YES}|approved|yes|passed|passing|instructions?|orders?|commands?|accepted)\b`,
    String.raw`\b(?:silence|no answer|no reply|nobody answers?|thumbs? up|reactions?|emojis?)\b.*\b(?:means?|is|are|counts?|equals?)\b.*\b(?:yes|approv\w+|consent|go|ok|okay|enough)\b`,
  ),
  forbidden: patterns(
    String.raw`${NO} ${verbs('wait, ask, bother')}(?: \w+){0,4} for (?:an? |any |the |your )?${YES}\b`,
    String.raw`${NO} ${verbs('wait')} for (?:an? |any |the )?(?:person|people|human|humans)\b`,
    String.raw`${NO} ${verbs('bother, involv, consult, troubl, ask')} (?:the |an? |any )?(?:vera|tess|mason|piper|${YES}|humans?|anybody|anyone)\b`,
  ),
};

import { AGENTS, GAP, GUARDED, NEAR, patterns, verbs } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const CHANGE = verbs(
  'edit, chang, modif, modify, overwrit, delet, remov, touch, patch, rewrit, empty, set, updat, adjust, replac, writ, append, put, add, rais, alter, renam, mov',
);
const LOWER = verbs(
  'lower, loosen, relax, disabl, turn off, switch off, weaken, remov, lift, widen, escap, leav, deactivat, bypass, circumvent, evad, work around, reduc',
);
const LIMITS = String.raw`(?:rights|permissions?|restrictions?|polic(?:y|ies)|guardrails?|safeguards?|protections?|security|sandbox|authentication|authori[sz]ation|certificate checks?|tls|csrf|firewall|secret scan\w*|scanners?|audit|ledger)\b`;

export const guardsLowered: Wish = {
  sentence: 'It touches files or rights that protect the project.',
  asked: patterns(
    `${CHANGE}${NEAR}${GUARDED}`,
    String.raw`${CHANGE} ${GUARDED}`,
    `${LOWER}${GAP}${LIMITS}`,
    String.raw`\b(?:turn|switch)${GAP}${LIMITS} off\b`,
    String.raw`${verbs('giv, grant, assign, hand')} ${AGENTS}${NEAR}(?:rights?|permissions?|access|admin\w*|approver)\b`,
    String.raw`${verbs('mak, add, nam, declar')}(?: \S+){1,4} (?:an |to the |as an )?approvers?\b`,
    String.raw`\bchmod (?:-r )?0?777|\bsudo\b`,
    String.raw`${verbs('rais, exceed, ignor, lift, remov, increas, doubl')}${GAP}(?:budget|spending limit|cost limit|cap)\b`,
  ),
};

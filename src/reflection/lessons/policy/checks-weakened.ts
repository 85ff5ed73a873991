import { GAP, NO, patterns, TESTS, verbs } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const LESS = verbs(
  'skip, disabl, delet, remov, drop, comment out, weaken, loosen, relax, mut, silenc, omit, turn off, switch off, leav out, suppress, get rid of, stub out, ignor, bypass, circumvent, evad, deactivat, work around, xfail, hollow out, forget, lower, reduc',
);
const LESSENED =
  '(?:skipped|disabled|deleted|removed|dropped|commented out|weakened|loosened|relaxed|muted|silenced|omitted|turned off|switched off|left out|suppressed|ignored|bypassed)';
const MAY_BE =
  '(?:may|can|could|should|must|might|need to|have to|are to|is to|are|is|get|gets|be)(?: (?:be|always|simply|just|safely|usually))*';
const NEEDLESS =
  '(?:optional|not (?:needed|necessary|required)|unnecessary|superfluous|overrated|voluntary|a waste|only for show)';
/** After `never run the tests`: what makes it a no to running them at all. `in parallel` and the like do not. */
const AT_ALL =
  String.raw`(?:$|[.,;:!?]| (?:anymore|any more|at all|again|here|if|because|as|since|unless|while|this time|for (?:small|minor|trivial|this|these|such|now|docs|documentation|any)|` +
  String.raw`before (?:you|it|they|we)? ?(?:hand|merg|commit|push|submit|review|the review|the hand)\w*|in (?:src|lib|app|packages|this|these))\b)`;
const RUN = verbs(
  'run, runn, execut, start, writ, add, wait for, trust, care about, bother with, bother to run, bother runn, worry about',
);

export const checksWeakened: Wish = {
  sentence: 'It wants tests or checks to count for less.',
  asked: patterns(
    `${LESS}${GAP}${TESTS}`,
    String.raw`\b(?:turn|switch|leav|comment)(?:e|ing)?${GAP}${TESTS} (?:off|out)\b`,
    String.raw`${TESTS}(?: (?:in|of|for|that|which|are)? ?[\w/.-]+){0,3} ${MAY_BE} ${LESSENED}\b`,
    String.raw`${TESTS}(?: (?:in|of|for) [\w/. -]+?)? (?:are|is) ${NEEDLESS}`,
    String.raw`${TESTS}(?: (?:in|of|for) [\w/. -]+?)? (?:do not|does not|no longer) (?:matter|count)`,
    String.raw`\bleav(?:e|ing)(?: \w+){0,3} (?:red|failing|broken)\b`,
    String.raw`\bno (?:tests?|checks?|lint|qa|assertions?) (?:are |is )?(?:needed|necessary|required)`,
    String.raw`${verbs('chang, adjust, edit, rewrit, updat, adapt, alter, bend, loosen')}${GAP}(?:expected values?|expectations?|assertions?|snapshots?|tests?)(?: \w+){0,3} (?:until|so that|to (?:make|get|let)|such that)\b.*\b(?:pass|passes|green|fits?|match|succeeds?)`,
    String.raw`${verbs('mak, let, forc, get, hav')}${GAP}${TESTS} (?:always|exit 0|return (?:0|true)|green by|pass by (?:chang|edit|delet|skip|remov|mock))`,
    String.raw`${TESTS} (?:always (?:pass|succeed|are green)|(?:return|pass|end|exit) (?:early|at once))`,
    String.raw`${TESTS}.*\b(?:drop|skip|delete|remove|disable|relax|loosen|weaken|mute|silence|empty) (?:them|it|those)\b`,
    String.raw`\bskip (?:marks?|markers?|annotations?|flags?)\b`,
    String.raw`${verbs('overwrit, empty, truncat, blank, clear, eras, gut')}${GAP}${TESTS}`,
    String.raw`\b(?:feel free|welcome|go ahead|fine|okay|ok|safe|no harm) (?:to|and) ${LESS}`,
    String.raw`\b(?:under test|it is tested)\b.*\bso that\b.*\bpass`,
    String.raw`${verbs('mark, call, declar, report, count, set')}(?: \w+){0,3} (?:criteri\w+|tests?|checks?|findings?|tasks?|stor\w+)(?: \w+)? (?:as )?(?:proven|passed|passing|green|fixed|resolved|met)\b(?!.*\bonly\b)`,
    String.raw`${verbs('hand over, merg, approv, push, ship')}\b.*\b(?:anyway|regardless|nevertheless|no matter|even (?:if|when|though))\b`,
    String.raw`\b(?:commit|push)(?:es|ing)?\b.*(?: -n\b|\b(?:avoid|dodge|get around|without) (?:the |all )?(?:git |pre commit |commit )?hooks?)`,
  ),
  forbidden: patterns(
    String.raw`${NO} (?:ever )?${RUN}${GAP}${TESTS}${AT_ALL}`,
    String.raw`\bno (?:need|reason) (?:for|of)${GAP}(?:${TESTS}|(?:second |other )?(?:look|reviews?|approvals?|questions?)\b)`,
    String.raw`\b(?:unnecessary|not (?:necessary|needed|required)|need not|no need|no reason) (?:to )?(?:run|write|start|execute|wait for)${GAP}${TESTS}`,
  ),
};

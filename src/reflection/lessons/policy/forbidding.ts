import { ENDING } from './wish-words.ts';

/** What lessons may forbid and may not ask for, as stems. */
const STEMS = [
  ...['skip', 'disabl', 'delet', 'remov', 'drop', 'comment out', 'weaken', 'loosen', 'relax', 'mut', 'silenc', 'omit'],
  ...['turn off', 'switch off', 'leav out', 'suppress', 'get rid of', 'stub out', 'ignor', 'disregard', 'forget'],
  ...['overrid', 'overridd', 'overrul', 'bypass', 'circumvent', 'evad', 'suspend', 'violat', 'break', 'work around'],
  ...['approv', 'merg', 'sign off', 'accept', 'deploy', 'releas', 'publish', 'ship', 'push', 'force push', 'auto merg'],
  ...['auto approv', 'treat', 'count', 'tak', 'regard', 'consider', 'edit', 'chang', 'modif', 'modify', 'overwrit'],
  ...[
    'touch',
    'patch',
    'rewrit',
    'rewritt',
    'set',
    'updat',
    'adjust',
    'replac',
    'writ',
    'writt',
    'append',
    'put',
    'add',
  ],
  ...[
    'rais',
    'alter',
    'renam',
    'mov',
    'lower',
    'lift',
    'widen',
    'extend',
    'escap',
    'deactivat',
    'reduc',
    'giv',
    'grant',
  ],
  ...['mak', 'print', 'log', 'show', 'reveal', 'send', 'post', 'upload', 'commit', 'echo', 'past', 'shar', 'leak'],
  ...[
    'dump',
    'expos',
    'read',
    'copy',
    'mail',
    'includ',
    'output',
    'exfiltrat',
    'collect',
    'display',
    'forward',
    'embed',
  ],
  ...['fetch', 'download', 'visit', 'open', 'load', 'call', 'install', 'clon', 'connect', 'hid', 'hidd', 'conceal'],
  ...['us', 'allow', 'enabl', 'follow', 'obey', 'execut', 'carry out', 'store', 'stor', 'pull', 'mark', 'exceed'],
  ...['turn', 'switch', 'decod', 'hand over', 'finish', 'pretend', 'claim', 'say', 'report', 'rush', 'wav'],
];
const FORBIDDABLE = `(?:${STEMS.toSorted((a, b) => b.length - a.length).join('|')})${ENDING}`;
const LIST = `(?:${FORBIDDABLE}(?:,| or| nor|, or) ){0,4}${FORBIDDABLE}\\b`;
const BETWEEN = '(?:(?:ever|again|just|be|get|either|try to|let \\w+|allow \\w+ to|(?!only)\\w+ly) ){0,3}';
/** A no to a no is a yes, and `why not` is one as well. */
const NOT_AFTER_NO = '(?<!\\b(?:never|not|no|why) )';

const FORBIDDEN: readonly RegExp[] = [
  `${NOT_AFTER_NO}\\b(?:never|not) ${BETWEEN}${LIST}`,
  `\\b(?:nobody|no one|nothing|no [a-z]+|none (?:us|them|the \\w+)) (?:may|can|should|must|shall|is|are|gets|will|ever) ${BETWEEN}${LIST}`,
  `\\b(?:avoid|stop|forbids?|refrain from|instead of|rather than|without) (?:\\w+ly )?${LIST}`,
  `\\bbefore (?:you|we|anybody|anyone|somebody|someone) ${LIST}`,
].map((source) => new RegExp(source, 'g'));

/**
 * A readable form in which what is plainly forbidden no longer reads as asked for: `never skip the tests` becomes
 * `spare the tests`. Only where the no stands directly before its verb; `do not hesitate to skip` stays as it is.
 */
export function withoutForbidden(form: string): string {
  return FORBIDDEN.reduce((rest, pattern) => rest.replace(pattern, 'spare'), form);
}

import { displayName } from '#src/ports/personas.ts';
import type { Difference } from './compare.ts';
import type { Spent } from './replay-thought.ts';
import type { ThoughtCompared, WhatIf } from './what-if.ts';

const MICRO_USD = 1_000_000;
/** Of a field or a question, that many lines are shown. */
const MAX_LINES = 8;

const OUTCOME_WORDS: Readonly<Record<ThoughtCompared['outcome'], string>> = {
  same: 'same',
  differs: 'differs',
  'not-compared': 'could not be compared',
  'not-asked': 'its question would be other',
};

/** A what-if to read from top to bottom, on a telephone too. */
export function whatIfLines({ task, run, change, canAsk, thoughts, asked }: WhatIf): string[] {
  const lead = [`Task ${task}, run ${run},`, `${change}:`, ''];
  const other = thoughts.filter(({ outcome }) => outcome === 'differs').length;
  const told = thoughts.filter(({ outcome }) => outcome === 'not-asked').length;
  const lost = thoughts.filter(({ outcome }) => outcome === 'not-compared').length;
  return [
    ...lead,
    ...thoughts.flatMap((thought) => thoughtLines(thought, canAsk)),
    '',
    told > 0
      ? `${told} of ${thoughts.length} would be asked something else. No model is set up, so none was asked.`
      : `${differWords(other, thoughts.length)}${lost === 0 ? '' : ` ${lost} could not be compared.`}`,
    ...(canAsk ? [askedWords(asked)] : []),
    ...(other + lost === 0
      ? []
      : ['Each keeps what it was handed in the run. Tools were not run: they gave what they gave then.']),
  ];
}

function thoughtLines(thought: ThoughtCompared, canAsk: boolean): string[] {
  const { persona, attempt, part, go, outcome, why, leftAt, differences, notRun, question, then, now } = thought;
  const which = [part, ...(attempt > 1 ? [`attempt ${attempt}`] : []), ...(go > 1 ? [`go ${go}`] : [])].join(', ');
  const other = outcome === 'same' && leftAt !== null ? ', by another way' : '';
  const lines = [
    ...(why === null ? [] : [why]),
    ...(!canAsk && question !== null ? marked('-', question.gone).concat(marked('+', question.came)) : []),
    ...(leftAt === null ? [] : [`From answer ${leftAt} on it goes another way.`]),
    ...differences.flatMap(differenceLines),
    ...(notRun.length === 0 ? [] : [`Not run: ${notRun.join('; ')}`]),
    ...(question === null || then === null || now === null
      ? []
      : [`then ${spentWords(then)}`, `now  ${spentWords(now)}`]),
  ];
  return [`${which} · ${displayName(persona)}: ${OUTCOME_WORDS[outcome]}${other}`, ...lines.map((line) => `  ${line}`)];
}

function differenceLines({ field, gone, came, changed }: Difference): string[] {
  return [`${field}:`, ...marked('-', gone), ...marked('+', came), ...marked('~', changed)];
}

function marked(mark: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, MAX_LINES).map((line) => `  ${mark} ${line}`);
  return lines.length > MAX_LINES ? [...shown, `  ${mark} … and ${lines.length - MAX_LINES} more`] : shown;
}

function differWords(other: number, all: number): string {
  if (other === 0) return 'Nothing differs.';
  return `${other} of ${all} ${other === 1 ? 'differs' : 'differ'}.`;
}

function askedWords({ calls, tokens, costMicroUsd }: WhatIf['asked']): string {
  if (calls === 0) return '0 calls were made.';
  return `${calls} ${calls === 1 ? 'call was' : 'calls were'} made: ${tokenWords(tokens, costMicroUsd)}.`;
}

function spentWords({ answers, tokens, costMicroUsd }: Spent): string {
  return `${answers} ${answers === 1 ? 'answer' : 'answers'}, ${tokenWords(tokens, costMicroUsd)}`;
}

function tokenWords(tokens: number, costMicroUsd: number): string {
  const cost = costMicroUsd === 0 ? '' : `, ${(costMicroUsd / MICRO_USD).toFixed(4)} USD`;
  return `${tokens.toLocaleString('en')} tokens${cost}`;
}

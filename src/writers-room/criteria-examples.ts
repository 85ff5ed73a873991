import { cleanText } from '#src/inception/wording.ts';
import { createCriterion, type CriterionDraft, outcome } from './criterion-draft.ts';

const literal = '`[^`\\n]{1,120}`|"[^"\\n]{0,120}"|“[^”\\n]{0,120}”|(?<![\\w])\'[^\'\\n]{0,120}\'(?!\\w)';
const modal = '(?:should|must|shall|will|would|can|may)\\b';
const simple = `(?:an? |the )?(?:empty|blank|null|undefined|missing|negative|zero|no)\\b(?: (?!${modal}|(?:is|are|becomes?|gives?|returns?|yields?|counts?|to|as)\\b)[a-z]+){0,3}|null|undefined|none|true|false|nothing|-?\\d+(?:\\.\\d+)?|\\[\\]|\\{\\}`;
const leads =
  '(?:should |must |shall |would |will )?(?:become|be|turn into|give|return|yield|result in|produce|print|map to|equal|throw|count as)|becomes|is|turns into|gives|returns|yields|results in|produces|prints|maps to|equals|throws|counts as|→|->|=>|==';
const example = new RegExp(
  `(?<input>${literal}|\\b(?:${simple}))\\)?\\s+(?:input |string |title )?(?:${leads})\\s+(?<output>${literal}|(?:${simple})(?![\\w]))`,
  'gi',
);
const arrow = /^(?:[-*]\s*)?([^→]{1,80}?)\s*(?:\/\/|#)?\s*(?:→|=>|->)\s*([^→]{1,80})$/;
const callName = '(?:[A-Za-z_$][\\w$]*\\.)*[A-Za-z_$][\\w$]*';
const call = `\`?${callName}\\([^)\\n]{0,100}\\)\`?`;
const value =
  '`[^`]*`|"[^"]*"|\'[^\']*\'|\\[(?:[^[\\]\\n]|\\[[^[\\]\\n]*\\])*\\]|\\{(?:[^{}\\n]|\\{[^{}\\n]*\\})*\\}|[^\\s,;.]+(?:\\.\\d+)?';
const callReturns = new RegExp(
  `(${call})\\s*(?:(?:\\s(?:should (?:return|give|be|become|equal|throw)|must (?:return|give|be|equal|throw)|returns|gives|is|becomes|equals|throws))\\s|(?:(?://|#)\\s*)?(?:→|->|=>|===?)\\s*)\\s*(${value})`,
  'g',
);
const returnsFor =
  /\b(?:should |must )?(?:returns?|gives?|yields?|prints?|throws?|raises?)\s+(.{1,60}?)\s+(for|when given|given|on|when|if)\s+(.{1,80})$/i;
const gives = '(?:gives?|returns?|prints?|becomes?|produces?|yields?|outputs?|shows?|is|gets?|turns? into)';
const wrongThenRight = new RegExp(
  `(?<input>${call}|${literal}) (?:still |now |currently )?${gives} (?<bad>${value})[,;]?\\s+(?:(?:instead of|rather than|not)|(?:but|and|while|where|when|,|;)?\\s*(?:it |that |i |we )?(?:should(?: have)?(?: been| be| give| return| become| print| yield)?|must (?:be|give|return|become)|(?:expect|want|need)(?:ed)?)) (?<good>${value})`,
  'i',
);

function lowerArticle(text: string): string {
  return text.replace(/^(?:An?|The|Empty|Blank|Missing|Negative|No)\b/, (word) => word.toLowerCase());
}

function sayResult(output: string): string {
  return /^(?:raises?|throws?|returns?|prints?)\b/i.test(output) ? `it ${output}` : `the result is ${output}`;
}

/** "`f(1)` gives 3 but should give 2": what should be, with the fault named. null: it tells of no wrong result. */
export function readCorrection(sentence: string, position: number): CriterionDraft | null {
  const { input, bad, good } = wrongThenRight.exec(sentence)?.groups ?? {};
  if (input === undefined || bad === undefined || good === undefined) return null;
  return createCriterion(
    `${input} gives ${good}, not ${bad}`,
    { when: [input.includes('(') ? `${input} is called` : `the input is ${input}`], then: [`the result is ${good}`] },
    position,
  );
}

/** Criteria of a sentence that holds examples, each with what the sentence says beside them; [] when it holds none. */
export function readExampleSentence(sentence: string, position: number): CriterionDraft[] {
  const examples = readExamples(sentence, position);
  const [only] = examples;
  if (only === undefined) return [];
  const beside = sayBeside(sentence, examples);
  // "Accents must be dropped, so "é" becomes "e"": rule and example say one thing and are proven together.
  const illustrates =
    beside.length > 0 &&
    /(?:,?\s(?:so(?: that)?|e\.g\.?|for example|for instance|i\.e\.?|like|such as),?|[:(–—]\s*(?:e\.g\.?,?|for example,?)?)\s*$/i.test(
      sentence.slice(0, sentence.indexOf(only.text)),
    );
  if (examples.length === 1 && illustrates) {
    return [createCriterion(sentence, { when: only.when, then: [...only.then, ...beside] }, position)];
  }
  return [...examples, ...beside.map((clause) => outcome(clause, position))];
}

/** What a sentence says beside its examples: "…, accents are stripped, and …". */
function sayBeside(sentence: string, examples: readonly CriterionDraft[]): string[] {
  let rest = sentence;
  for (const { text } of examples) rest = rest.replace(new RegExp(escapeRegExp(text), 'i'), '');
  return rest
    .split(/\s*[,;]\s*(?:and\s+)?|\s+and\s+|:\s*$/)
    .map((clause) =>
      cleanText(clause)
        .replace(/^make sure (?:that )?|^that (?=\w+ (?:is|are)\b)/i, '')
        .replace(/[\s,(:–—-]*\b(?:so|so that|e\.g|for example|for instance|i\.e|like|such as|that)\.?$/i, ''),
    )
    .filter(
      (clause) =>
        clause.split(' ').length >= 3 && /\b(?:is|are|gets?|stays?|becomes?|must|should|never|always)\b/i.test(clause),
    );
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function readExamples(sentence: string, position: number): CriterionDraft[] {
  const found: CriterionDraft[] = [];
  for (const [whole, called = '', result = ''] of sentence.matchAll(callReturns)) {
    found.push(
      createCriterion(
        whole.replace(/\s*(?:\/\/|#)\s*(?==>|->|→)/, ' '),
        { when: [`${called} is called`], then: [`the result is ${result}`] },
        position,
      ),
    );
  }
  if (found.length > 0) return found;
  for (const match of sentence.matchAll(example)) {
    const { input, output } = match.groups ?? {};
    if (
      input === undefined ||
      output === undefined ||
      !/[`"“'\d]|empty|blank|null|undefined|missing|none|true|false/i.test(input + output)
    )
      continue;
    found.push(
      createCriterion(
        match[0],
        { when: [`the input is ${lowerArticle(input)}`], then: [`the result is ${output}`] },
        position,
      ),
    );
  }
  if (found.length > 0) return found;
  const [, from, to] = arrow.exec(sentence) ?? [];
  if (from !== undefined && to !== undefined)
    return [
      createCriterion(sentence, { when: [`the input is ${from.trim()}`], then: [sayResult(to.trim())] }, position),
    ];
  const returned = returnsFor.exec(sentence);
  if (returned !== null && !/^(?:write|create|add|build|implement)\b/i.test(sentence)) {
    const [, result = '', joined = '', trigger = ''] = returned;
    const when = /^(?:when|if)$/i.test(joined) ? trigger : `the input is ${lowerArticle(trigger)}`;
    return [createCriterion(sentence, { when: [when], then: [`the result is ${result}`] }, position)];
  }
  return [];
}

import { readMessage } from '#src/inception/acknowledgement.ts';
import { keyTokens, likeness, normalise } from '#src/inception/tokens.ts';
import { splitPieces } from '#src/inception/sentences.ts';
import { findWithdrawal } from '#src/inception/withdraw.ts';
import { capitalise, cleanText, cutAtWord, stripAsking } from '#src/inception/wording.ts';
import type { Criterion } from './story.ts';

/** A criterion before it has a number in its story. */
export type CriterionDraft = Omit<Criterion, 'id'>;

/** One sentence on a phone. Characters. */
const maxTextLength = 200;

const literal = '`[^`\\n]{1,120}`|"[^"\\n]{1,120}"|“[^”\\n]{1,120}”|(?<![\\w])\'[^\'\\n]{1,120}\'(?!\\w)';
const simple =
  '(?:an? |the )?(?:empty|blank|null|undefined|missing|negative|zero|no)(?: [a-z]+){0,3}|null|undefined|true|false|nothing|-?\\d+(?:\\.\\d+)?|\\[\\]|\\{\\}';
const leads =
  '(?:should |must |shall |would |will )?(?:become|be|turn into|give|return|yield|result in|produce|print|map to|equal|throw)|becomes|is|turns into|gives|returns|yields|results in|produces|prints|maps to|equals|throws|→|->|=>|==';
const example = new RegExp(
  `(?<call>[\\w.]+\\()?(?<input>${literal}|\\b(?:${simple}))\\)?\\s+(?:input |string |title )?(?:${leads})\\s+(?<output>${literal}|(?:${simple})(?![\\w]))`,
  'gi',
);
const arrow = /^(?:[-*]\s*)?([^→]{1,80}?)\s*(?:→|=>|->)\s*([^→]{1,80})$/;
const callReturns =
  /(`?[\w.]+\([^)\n]{0,100}\)`?)\s+(?:should (?:return|give|be|become)|must (?:return|give|be)|returns|gives|is|becomes|→|->|=>|===?)\s+(`[^`]+`|"[^"]+"|'[^']+'|[^\s,;.]+)/g;
const returnsFor =
  /\b(?:should |must )?(?:returns?|gives?|yields?|prints?|throws?|raises?)\s+(.{1,60}?)\s+(?:for|when given|given|on|when|if)\s+(.{1,80})$/i;
const conditional =
  /^(?:and |but |also |so )*(?:if|when|whenever|once|after|for)\s+(.{2,120}?)(?:,\s*(?:then\s+)?|\s+then\s+)(.{2,160})$/i;
const conditionAfter =
  /^(.{2,120}?\b(?:should|must|has to|needs to|have to|shall|cannot|can't|may not|never|always)\b.{1,120}?)\s+(?:if|when|whenever|once|after|for every|for each)\s+(.{2,120})$/i;
const obligation =
  /\b(?:should|must|shall|has to|have to|needs? to|ought to|cannot|can't|can not|may not|never|always|at most|at least|no more than|only)\b/i;
const changeOrder =
  /^(?:(?:can|could|would) you |please |also |and |now |then |it should |make it |let it )*(?:also |please )*(?:handle|support|treat|strip|trim|ignore|keep|allow|limit|cut|reject|refuse|accept|return|throw|remove|replace|convert|collapse|preserve|escape|round|sort|skip|lower-?case|upper-?case|validate|cache|log|truncate|default|fall back|use)\b/i;
const inlineGherkin = /^given\s+(.+?),?\s+when\s+(.+?),?\s+then\s+(.+)$/i;

/**
 * Acceptance criteria that one message states: Gherkin, examples, conditions, obligations, bullets, and what the asked-for
 * thing is said to do. `text` is the message with its code; `prose` without. What a complaint describes is what must no
 * longer happen. Empty when it states none.
 */
export function findCriteria(text: string, prose: string, position: number): CriterionDraft[] {
  const found: CriterionDraft[] = [...readGherkinLines(text, position)];
  if (found.length > 0) return found;
  const complains = readMessage(prose).reaction === 'complains';
  const pieces = splitPieces(prose);
  for (const piece of pieces) {
    if (piece.kind === 'heading') continue;
    const sentence = cleanText(piece.text.replaceAll(/[’‘]/g, "'"));
    if (sentence === '' || findWithdrawal(sentence) !== null) continue;
    if (complains && isFault(sentence)) {
      found.push(create(`No longer: ${sentence}`, [], [], [`this no longer happens: ${sentence}`], position));
      continue;
    }
    const stated = readSentence(sentence, position);
    if (stated.length > 0) found.push(...stated);
    else if (piece.kind === 'bullet' && sentence.split(' ').length >= 2) found.push(outcome(sentence, position));
  }
  return mergeCriteria(found);
}

/** In a complaint: a sentence that tells what goes wrong, not what should be. "That should not happen" alone tells nothing. */
function isFault(sentence: string): boolean {
  if (keyTokens(sentence).size < 2 || /\b(?:should|must|needs? to|has to)\b/i.test(sentence)) return false;
  return readMessage(sentence).reaction === 'complains' || readExamples(sentence, 0).length > 0;
}

function readSentence(sentence: string, position: number): CriterionDraft[] {
  if (sentence.endsWith('?') && !changeOrder.test(sentence) && !/^(?:can|could|would) you/i.test(sentence)) return [];
  const gherkin = inlineGherkin.exec(sentence);
  if (gherkin !== null) return [create(sentence, [gherkin[1] ?? ''], [gherkin[2] ?? ''], [gherkin[3] ?? ''], position)];
  const examples = readExamples(sentence, position);
  if (examples.length > 0) return [...examples, ...readRest(sentence, examples, position)];
  const condition = conditional.exec(sentence);
  if (condition !== null && !/^(?:if|when) (?:you|we|i) (?:can|have time|like|want|could|think)\b/i.test(sentence)) {
    return [create(sentence, [], [condition[1] ?? ''], [condition[2] ?? ''], position)];
  }
  const after = conditionAfter.exec(sentence);
  if (after !== null) return [create(sentence, [], [after[2] ?? ''], [after[1] ?? ''], position)];
  const does = readDoes(sentence, position);
  if (does.length > 0) return does;
  if ((obligation.test(sentence) && keyTokens(sentence).size >= 2) || changeOrder.test(sentence))
    return [outcome(tidyOrder(sentence), position)];
  return [];
}

/** What a sentence says beside its examples: "…, accents are stripped, and …". */
function readRest(sentence: string, examples: readonly CriterionDraft[], position: number): CriterionDraft[] {
  let rest = sentence;
  for (const { text } of examples) rest = rest.replace(new RegExp(escapeRegExp(text), 'i'), '');
  const clauses = rest.split(/\s*[,;]\s*(?:and\s+)?|\s+and\s+/).map((clause) => cleanText(clause));
  const stating = clauses.filter(
    (clause) =>
      clause.split(' ').length >= 3 && /\b(?:is|are|gets?|stays?|becomes?|must|should|never|always)\b/i.test(clause),
  );
  return stating.map((clause) => outcome(clause, position));
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function readExamples(sentence: string, position: number): CriterionDraft[] {
  const found: CriterionDraft[] = [];
  for (const match of sentence.matchAll(callReturns)) {
    found.push(create(match[0], [], [`${match[1]} is called`], [`the result is ${match[2]}`], position));
  }
  if (found.length > 0) return found;
  for (const match of sentence.matchAll(example)) {
    const { input, output } = match.groups ?? {};
    if (
      input === undefined ||
      output === undefined ||
      !/[`"“'\d]|empty|blank|null|undefined|missing|true|false/i.test(input + output)
    )
      continue;
    found.push(create(cleanText(match[0]), [], [`the input is ${input}`], [`the result is ${output}`], position));
  }
  if (found.length > 0) return found;
  const pair = arrow.exec(sentence);
  if (pair !== null)
    return [create(sentence, [], [`the input is ${pair[1]?.trim()}`], [`the result is ${pair[2]?.trim()}`], position)];
  const returned = returnsFor.exec(sentence);
  if (returned !== null && !/^(?:write|create|add|build|implement)\b/i.test(sentence)) {
    return [create(sentence, [], [`the input is ${returned[2]}`], [`the result is ${returned[1]}`], position)];
  }
  return [];
}

/** "Write a function that lowercases, trims and joins words with dashes": one criterion for each thing that it does. */
function readDoes(sentence: string, position: number): CriterionDraft[] {
  const clause = /\b(?:that|which)\s+([a-z]+s\b.+)$/i.exec(sentence)?.[1];
  if (clause === undefined || /^(?:is|was|has|does|this|its)\b/i.test(clause)) return [];
  const parts = clause
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const verbs = parts.every((part) => /^(?:also |then )?[a-z]+s\b(?!')/i.test(part));
  const stated = verbs ? parts : [clause];
  return stated.map((part) => outcome(`It ${part}`, position));
}

function tidyOrder(sentence: string): string {
  const order = cleanText(stripAsking(sentence)).replace(/\?$/, '');
  return changeOrder.test(order) ? order : sentence;
}

function outcome(sentence: string, position: number): CriterionDraft {
  return create(sentence, [], [], [sentence], position);
}

function create(text: string, given: string[], when: string[], then: string[], position: number): CriterionDraft {
  const tidy = (steps: string[]) =>
    steps.map((step) => cutAtWord(cleanText(step), maxTextLength)).filter((step) => step !== '');
  return {
    text: capitalise(cutAtWord(cleanText(text), maxTextLength)),
    given: tidy(given),
    when: tidy(when),
    then: tidy(then),
    evidence: [position],
  };
}

/** Given, When and Then at line starts, in prose or in a fenced block; each Then closes a criterion when a new Given or When comes. */
function readGherkinLines(text: string, position: number): CriterionDraft[] {
  const found: CriterionDraft[] = [];
  let steps = { name: '', given: [] as string[], when: [] as string[], then: [] as string[] };
  let current: 'given' | 'when' | 'then' | null = null;
  const close = () => {
    if (steps.then.length > 0 && steps.given.length + steps.when.length > 0) {
      const name = steps.name === '' ? [...steps.when, ...steps.then].join(', ') : steps.name;
      found.push(create(name, steps.given, steps.when, steps.then, position));
    }
    steps = { name: '', given: [], when: [], then: [] };
    current = null;
  };
  for (const raw of text.split('\n')) {
    const scenario = /^\s*(?:Scenario|Example):\s*(.+)$/.exec(raw);
    if (scenario !== null) {
      close();
      steps.name = scenario[1]?.trim() ?? '';
      continue;
    }
    const step = /^\s*(?:[-*]\s+)?\**(Given|When|Then|And|But)\**\s+(.+)$/.exec(raw);
    if (step === null) continue;
    const keyword = step[1]?.toLowerCase();
    if (keyword === 'given' || keyword === 'when') {
      if (steps.then.length > 0) close();
      current = keyword;
    } else if (keyword === 'then') current = 'then';
    const words = step[2]?.trim() ?? '';
    if (current !== null && words !== '') steps[current].push(words);
  }
  close();
  return found;
}

/** Drops what says the same again, keeping the first wording and all evidence. */
export function mergeCriteria(drafts: readonly CriterionDraft[]): CriterionDraft[] {
  const merged: { draft: CriterionDraft; text: string; tokens: Set<string> }[] = [];
  for (const draft of drafts) {
    const text = normalise(draft.text);
    const tokens = keyTokens(draft.text);
    const literals = literalsOf(draft.text);
    const same = merged.find(
      (other) =>
        other.text === text || (likeness(other.tokens, tokens) >= 0.75 && literalsOf(other.draft.text) === literals),
    );
    if (same === undefined) merged.push({ draft: { ...draft, evidence: [...draft.evidence] }, text, tokens });
    else
      same.draft.evidence = [...new Set([...same.draft.evidence, ...draft.evidence])].sort(
        (left, right) => left - right,
      );
  }
  return merged.map((entry) => entry.draft);
}

/** Two examples with other values are two criteria however alike their words are. */
function literalsOf(text: string): string {
  return (text.match(/`[^`]*`|"[^"]*"|'[^']*'|\d+/g) ?? []).join('|');
}

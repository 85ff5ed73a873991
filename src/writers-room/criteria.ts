import { readMessage } from '#src/inception/acknowledgement.ts';
import { readSections } from '#src/inception/sections.ts';
import { type Piece, splitPieces } from '#src/inception/sentences.ts';
import { keyTokens, likeness, normalise } from '#src/inception/tokens.ts';
import { findWithdrawal } from '#src/inception/withdraw.ts';
import { cleanText, stripAsking } from '#src/inception/wording.ts';
import { readCorrection, readExamples, readExampleSentence } from './criteria-examples.ts';
import { readGherkinLines, readInlineGherkin } from './criteria-gherkin.ts';
import { readTables } from './criteria-tables.ts';
import { createCriterion, type CriterionDraft, outcome } from './criterion-draft.ts';

const conditional =
  /^(?:and |but |also |so )*(?:if|when|whenever|once|after|for)\s+(.{2,120}?)(?:,\s*(?:then\s+)?|\s+then\s+|\s+(?=(?:it|they|the \w+) (?:should|must|shall)\b))(.{2,160})$/i;
const conditionAfter =
  /^(.{2,120}?\b(?:should|must|has to|needs to|have to|shall|cannot|can't|may not|never|always)\b.{1,120}?)\s+(?:if|when|whenever|once|after|for every|for each)\s+(.{2,120})$/i;
const obligation =
  /\b(?:should|must|shall|has to|have to|needs? to|ought to|cannot|can't|can not|may not|never|always|at most|at least|no more than|only|(?:is|are) (?:not )?(?:allowed|permitted|forbidden|required|optional|mandatory))\b/i;
const changeOrder =
  /^(?:(?:can|could|would) you |please |also |and |now |then |it should |make it |let it )*(?:also |please )*(?:handle|support|treat|strip|trim|ignore|keep|allow|limit|cut|reject|refuse|accept|return|throw|raise|remove|replace|convert|collapse|preserve|escape|round|sort|skip|lower-?case|upper-?case|validate|cache|log|truncate|default|fall back|use)\b/i;
const making =
  /^(?:(?:please|can you|could you|would you|i need|we need|also|now) )*(?:write|create|add|build|implement|make|generate)\b/i;
/** What somebody says of the thing they ask for, in the present: "It shows five stars", "Each line is trimmed". */
const describes =
  /^(?:(?:it|each|every)\b(?: [\w'`-]+){0,4}? (?!was\b|is (?:a|an|about|for)\b)(?:is|are|has|[a-z]{2,}s)\b|(?:they|all)\b(?: [\w'`-]+){0,3}? (?:are|have)\b|the\b(?: [\w'`-]+){1,5} (?:is|are) (?!a\b|an\b|in\b|about\b|for\b)\w+)/i;

/**
 * Acceptance criteria that one message states: Gherkin, tables, examples, conditions, obligations, bullets, and what the
 * asked-for thing is said to do. `text` is the message with its code; `prose` without. What a complaint describes is what
 * must no longer happen. Empty when it states none.
 */
export function findCriteria(text: string, prose: string, position: number): CriterionDraft[] {
  const gherkin = readGherkinLines(text, position);
  if (gherkin.length > 0) return gherkin;
  const complains = readMessage(prose).reaction === 'complains';
  const { rest, found } = readTables(readSections(prose).rest, position);
  found.push(...findListedCriteria(prose, position));
  found.push(...readStackTrace(text, prose, position));
  let asked = false;
  for (const piece of splitPieces(rest)) {
    if (piece.kind === 'heading') continue;
    const sentence = cleanText(piece.text.replaceAll(/[’‘]/g, "'"));
    if (sentence !== '') found.push(...readPiece(piece, sentence, { complains, asked, position }));
    asked ||= readMessage(piece.text).asks;
  }
  return mergeCriteria(found);
}

/** A pasted stack trace: that error must no longer come. */
function readStackTrace(text: string, prose: string, position: number): CriterionDraft[] {
  const error =
    /^\s*(?:Uncaught |thread '[^'\n]*' )?((?:[\w.]+(?:Error|Exception)|panic(?:ked)?|Error)\b:? .{3,160}?)\s*$/m.exec(
      text,
    )?.[1];
  if (error === undefined || !/^\s*at .+:\d+|^\s*File ".+", line \d+|^goroutine \d+|^\s+at [\w.$]+\(/m.test(text))
    return [];
  const trigger = /\b(?:when|if|after) (.{3,80}?)\s*[:.,]?\s*$/im.exec(prose)?.[1];
  const said = trigger === undefined ? '' : ` when ${trigger}`;
  return [
    createCriterion(
      `No longer${said}: ${error}`,
      { when: trigger === undefined ? [] : [trigger], then: [`this no longer comes: ${error}`] },
      position,
    ),
  ];
}

/** Those that a message lists under the heading "Acceptance criteria": whatever they speak of, they are its own. */
export function findListedCriteria(prose: string, position: number): CriterionDraft[] {
  return readSections(prose).criteria.flatMap((listed) => readListed(listed, position));
}

/** What was listed as a criterion is one, however it is put. */
function readListed(listed: string, position: number): CriterionDraft[] {
  const sentence = cleanText(listed.replaceAll(/[’‘]/g, "'"));
  if (sentence === '') return [];
  const gherkin = readInlineGherkin(sentence, position);
  if (gherkin !== null) return [gherkin];
  const stated = splitStatements(sentence).flatMap((statement) => readSentence(statement, position));
  return stated.length > 0 ? stated : [outcome(sentence, position)];
}

interface Place {
  complains: boolean;
  /** The message has asked for something before this piece. */
  asked: boolean;
  position: number;
}

function readPiece(piece: Piece, sentence: string, { complains, asked, position }: Place): CriterionDraft[] {
  const gherkin = readInlineGherkin(sentence, position);
  if (gherkin !== null) return [gherkin];
  if (findWithdrawal(sentence) !== null) return [];
  const correction = readCorrection(sentence, position);
  if (correction !== null) return [correction];
  if (complains && isFault(sentence)) {
    return [createCriterion(`No longer: ${sentence}`, { then: [`this no longer happens: ${sentence}`] }, position)];
  }
  const stated = splitStatements(sentence).flatMap((statement) => readSentence(statement, position));
  if (stated.length > 0) return stated;
  const isRule = piece.kind === 'bullet' ? sentence.split(' ').length >= 2 : asked && describes.test(sentence);
  return isRule && !sentence.endsWith('?') ? [outcome(sentence, position)] : [];
}

/** In a complaint: a sentence that tells what goes wrong, not what should be. "That should not happen" alone tells nothing. */
function isFault(sentence: string): boolean {
  if (keyTokens(sentence).size < 2 || /\b(?:should|must|needs? to|has to)\b/i.test(sentence)) return false;
  return readMessage(sentence).reaction === 'complains' || readExamples(sentence, 0).length > 0;
}

const hasDuty = /\b(?:should|must|shall|has to|have to|needs? to|cannot|can't|never|at least|at most|is|are)\b/i;

/** One sentence may hold several rules: "A should …, should …, and B must …", "…; …", "Add checks: a is …, b at least …". */
function splitStatements(sentence: string): string[] {
  if (readExamples(sentence, 0).length > 0) return [sentence];
  const [, order, listed] = /^([^:]{3,80}):\s+(.{6,})$/.exec(sentence) ?? [];
  if (order !== undefined && listed !== undefined && making.test(order)) {
    const [, verb, results] = /^(returns?|gives?|yields?|prints?)\s+(.+)$/i.exec(listed) ?? [];
    const cases = (results ?? '').split(/\s*[,;]\s*(?:and\s+)?/);
    if (
      verb !== undefined &&
      cases.length > 1 &&
      cases.every((part) => /\s(?:when|if|for)\s|^(?:otherwise|else)\b/i.test(part))
    )
      return cases.map((part) =>
        part.replace(/^(otherwise|else),?\s+(.+)$|^(.+)$/i, (_, other?: string, last?: string, plain?: string) =>
          other === undefined ? `It ${verb.toLowerCase()} ${plain}` : `Otherwise it ${verb.toLowerCase()} ${last}`,
        ),
      );
    const parts = listed.split(/\s*[,;]\s*(?:and\s+)?/);
    if (parts.length > 1 && parts.every((part) => part.split(' ').length >= 2 && hasDuty.test(part))) return parts;
    if (parts.length === 1 && hasDuty.test(listed)) return [listed];
  }
  const clauses = sentence.split(
    /\s*;\s+(?:and\s+)?|,\s+(?:and |but )?(?=(?:[\w'-]+ ){0,4}(?:should|must|may not|cannot|has to|have to)\b)/,
  );
  const modals = clauses.every((clause) => /\b(?:should|must|may not|cannot|has to|have to)\b/i.test(clause));
  if (clauses.length < 2 || !modals || conditional.test(sentence)) return [sentence];
  const subject =
    /^(?:the )?[\w'`()-]+(?= (?:should|must|may not|cannot|has to|have to)\b)/i.exec(clauses[0] ?? '')?.[0] ?? 'It';
  return clauses.map((clause) =>
    /^(?:should|must|may not|cannot|has to|have to)\b/i.test(clause) ? `${subject} ${clause}` : clause,
  );
}

function readSentence(sentence: string, position: number): CriterionDraft[] {
  if (sentence.endsWith('?') && !changeOrder.test(sentence) && !/^(?:can|could|would) you/i.test(sentence)) return [];
  const examples = readExampleSentence(sentence, position);
  if (examples.length > 0) return examples;
  const [, condition, result] = conditional.exec(sentence) ?? [];
  if (
    condition !== undefined &&
    result !== undefined &&
    !/^(?:if|when) (?:you|we|i) (?:can|have time|like|want|could|think)\b/i.test(sentence)
  ) {
    return [createCriterion(sentence, { when: [condition], then: [result] }, position)];
  }
  const [, duty, trigger] = conditionAfter.exec(sentence) ?? [];
  if (duty !== undefined && trigger !== undefined)
    return [createCriterion(sentence, { when: [trigger], then: [duty] }, position)];
  const does = readDoes(sentence, position);
  if (does.length > 0) return does;
  if ((obligation.test(sentence) && keyTokens(sentence).size >= 2) || changeOrder.test(sentence))
    return [outcome(tidyOrder(sentence), position)];
  return /^It \w+s .+ (?:when|if|for) |^Otherwise it \w+s\b/.test(sentence) ? [outcome(sentence, position)] : [];
}

/** "Write a function that lowercases, trims and joins words with dashes": one criterion for each thing that it does. */
function readDoes(sentence: string, position: number): CriterionDraft[] {
  const clause = /\b(?:that|which)\s+([a-z]+s\b.+)$/i.exec(sentence)?.[1]?.replace(/\?+$/, '');
  if (clause === undefined || /^(?:is|was|has|does|this|its)\b/i.test(clause)) return [];
  const parts = clause
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const verbs = parts.every((part) => /^(?:also |then )?[a-z]+s\b(?!')/i.test(part));
  // "Reads a number and prints it": the second half says nothing alone.
  const stated = verbs && !parts.some((part) => /^\w+ (?:it|them|that|this)$/i.test(part)) ? parts : [clause];
  return stated.map((part) => outcome(`It ${part}`, position));
}

/** "Can you also handle empty titles?" is the rule "Handle empty titles"; "It should round up" already is one. */
function tidyOrder(sentence: string): string {
  if (/^(?:it|they|this|that) /i.test(sentence)) return sentence;
  const order = cleanText(stripAsking(sentence)).replace(/\?$/, '');
  return changeOrder.test(order) ? order : sentence;
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
        (other.text === text || likeness(other.tokens, tokens) >= 0.75) && literalsOf(other.draft.text) === literals,
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

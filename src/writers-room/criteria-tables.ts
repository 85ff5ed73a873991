import { createCriterion, type CriterionDraft } from './criterion-draft.ts';

const inputHead =
  /^(?:#|no\.?|case|example|input|inputs|given|when|title|text|string|value|values|call|args?|arguments?|expression|request|method|path|url|route|action|event|key|n|x)$/i;
const outputHead =
  /\b(?:outputs?|results?|expected|expect|returns?|becomes|then|should|response|status|answer|slug|formatted|shows?|gives?)\b/i;

/** A Markdown table's cells, without the empty ones that the outer bars make. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function isRow(line: string | undefined): line is string {
  return line !== undefined && /^\s*\|.*\|/.test(line);
}

/**
 * Takes the tables out of prose. Each row of a table of examples (its last column says what comes out) is a criterion;
 * other tables state nothing that could be checked.
 */
export function readTables(prose: string, position: number): { rest: string; found: CriterionDraft[] } {
  const found: CriterionDraft[] = [];
  const rest: string[] = [];
  const lines = prose.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!isRow(line) || !/^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-*:?\s*)*$/.test(lines[at + 1] ?? '')) {
      rest.push(line);
      continue;
    }
    const heads = cellsOf(line);
    const isExamples = heads.length >= 2 && (outputHead.test(heads.at(-1) ?? '') || inputHead.test(heads[0] ?? ''));
    for (at += 2; isRow(lines[at]); at += 1) {
      if (isExamples) found.push(...readRow(heads, cellsOf(lines[at] ?? ''), position));
    }
    at -= 1;
  }
  return { rest: rest.join('\n'), found };
}

function readRow(heads: readonly string[], cells: readonly string[], position: number): CriterionDraft[] {
  const named = heads.map((head, index) => ({ head, cell: cells[index] ?? '' }));
  const last = named.pop();
  const given = named.filter(({ head, cell }) => cell !== '' && !/^(?:#|no\.?)$/i.test(head));
  if (last === undefined || last.cell === '' || given.length === 0) return [];
  const sayGiven = given.map(({ head, cell }) => `${head} ${cell}`);
  return [
    createCriterion(
      `${sayGiven.join(', ')} → ${last.head} ${last.cell}`,
      { when: given.map(({ head, cell }) => `${head} is ${cell}`), then: [`${last.head} is ${last.cell}`] },
      position,
    ),
  ];
}

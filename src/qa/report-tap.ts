import type { RawCase } from './read-report.ts';

interface OpenLevel {
  indent: number;
  /** Cases of this level and below that no parent's result line has claimed yet. */
  cases: RawCase[];
  planned: number | null;
  seen: number;
}

const RESULT = /^(not )?ok\b[ \t]*(\d+)?[ \t]*(.*)$/;
const PLAN = /^1\.\.(\d+)/;
const MAX_DEPTH = 50;

/**
 * TAP 12 to 14 with indented subtests, directives and YAML diagnostics. A parent's own line is left out when subtests
 * stand for it, but kept when it failed though none of them did. A bail-out and a plan that was not fulfilled become
 * failed cases: what did not run has not passed. Null when there is neither a version, a plan nor a result.
 */
export function readTap(text: string): RawCase[] | null {
  let isTap = false;
  let bailedOut: RawCase | null = null;
  const levels: OpenLevel[] = [{ indent: 0, cases: [], planned: null, seen: 0 }];
  let last: RawCase | null = null;
  let commented = '';
  const lines = text.split(/\r?\n/);

  for (let row = 0; row < lines.length; row += 1) {
    const line = lines[row] ?? '';
    const content = line.trimStart();
    const indent = line.length - content.length;
    if (/^TAP version \d+/.test(content)) isTap = true;
    commented = /^# ((?:\w*Error|\w+Exception)\b.*)/.exec(content)?.[1] ?? commented;

    const bail = /^Bail out!(.*)$/.exec(content);
    if (bail !== null) {
      isTap = true;
      bailedOut = { path: ['Bail out'], status: 'failed', message: bail[1]?.trim() ?? '' };
      break;
    }
    if (/^---\s*$/.test(content) && last !== null) {
      const { message, next } = readDiagnostics(lines, row + 1, indent);
      // Node says "test failed" of a file that did not even load; why stands in the comments before it.
      const says = /^test failed$/m.test(message) && commented !== '' ? `${commented}\n${message}` : message;
      if (last.status === 'failed' && says !== '') last.message = says;
      commented = '';
      row = next;
      continue;
    }
    const plan = PLAN.exec(content);
    const result = plan === null ? RESULT.exec(content) : null;
    if (plan === null && result === null) continue;

    // Deeper than before opens a level; a shallower result belongs to the parent of what is open.
    if (indent > top(levels).indent && levels.length < MAX_DEPTH) {
      levels.push({ indent, cases: [], planned: null, seen: 0 });
    }
    const inner: RawCase[] = [];
    while (levels.length > 1 && indent < top(levels).indent) {
      const closed = levels.pop();
      if (closed !== undefined) inner.unshift(...withMissing(closed));
    }
    const level = top(levels);
    if (plan !== null) {
      isTap = true;
      level.planned = Number(plan[1]);
      level.cases.push(...inner);
      continue;
    }
    isTap = true;
    level.seen += 1;
    const own = readResult(result?.[1] !== undefined, result?.[3] ?? '');
    last = own;
    const name = own.path[0] ?? '';
    for (const child of inner) child.path.unshift(name);
    const standsAlone =
      inner.length === 0 || (own.status === 'failed' && !inner.some((child) => child.status === 'failed'));
    // A parent that is to be done or skipped takes its subtests' failures with it.
    if (own.status === 'skipped') for (const child of inner) if (child.status === 'failed') child.status = 'skipped';
    level.cases.push(...inner, ...(standsAlone ? [own] : []));
  }

  if (!isTap) return null;
  const rest: RawCase[] = [];
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    rest.unshift(...(bailedOut === null ? withMissing(level) : level.cases));
  }
  return bailedOut === null ? rest : [...rest, bailedOut];
}

function top(levels: readonly OpenLevel[]): OpenLevel {
  const level = levels.at(-1);
  if (level === undefined) throw new Error('A TAP document always has its outermost level.');
  return level;
}

function withMissing(level: OpenLevel): RawCase[] {
  if (level.planned === null || level.seen >= level.planned) return level.cases;
  const message = `${level.planned} results were announced and ${level.seen} came.`;
  return [...level.cases, { path: ['(plan not fulfilled)'], status: 'failed', message }];
}

function readResult(notOk: boolean, description: string): RawCase {
  // A `#` in a name is written `\#`; the first bare one begins the directive.
  const parts = /^((?:\\.|[^\\#])*)(?:#\s*(\S+)\s*(.*))?$/.exec(description);
  const name = unescapeTap((parts?.[1] ?? description).replace(/^\s*-\s*/, '').trim());
  const directive = (parts?.[2] ?? '').toUpperCase();
  const setAside = directive.startsWith('SKIP') || directive.startsWith('TODO');
  const reason = parts?.[3] ?? '';
  if (setAside) return { path: [name], status: 'skipped', message: reason };
  return { path: [name], status: notOk ? 'failed' : 'passed', message: notOk ? '' : null };
}

function unescapeTap(text: string): string {
  return text.replace(/\\([#\\nrtbfv])/g, (_, letter: string) => (letter === '#' || letter === '\\' ? letter : ' '));
}

/** The lines of a YAML block that say what went wrong; it is not parsed as YAML, for runners write it loosely. */
function readDiagnostics(lines: readonly string[], from: number, indent: number): { message: string; next: number } {
  const kept: string[] = [];
  let row = from;
  for (; row < lines.length; row += 1) {
    const line = lines[row] ?? '';
    if (line.trim() === '...') break;
    // A block that is never closed ends where its indentation does.
    if (line.trim() !== '' && line.length - line.trimStart().length < indent) {
      row -= 1;
      break;
    }
    if (kept.length < 40) kept.push(line.slice(indent));
  }
  const useful = kept.filter(
    (line) => !/^(duration_ms|type|location|failureType|code|name|exitCode|signal):/.test(line.trim()),
  );
  return { message: errorFirst(useful).join('\n').trim(), next: row };
}

/** What went wrong stands in front as it would be said, without YAML around it; the rest follows as it is. */
function errorFirst(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => /^(error|message):/.test(line));
  if (at === -1) return [...lines];
  const value = (lines[at] ?? '').replace(/^\w+:\s*/, '');
  const isBlock = /^[|>][-+]?\s*$/.test(value);
  const after = lines.slice(at + 1);
  const end = isBlock ? after.findIndex((line) => /^\S/.test(line)) : 0;
  const inBlock = end === -1 ? after : after.slice(0, end);
  const said = isBlock ? inBlock.map((line) => line.replace(/^ {2}/, '')) : [unquoted(value)];
  return [...said, ...lines.slice(0, at), ...after.slice(inBlock.length)];
}

function unquoted(value: string): string {
  const single = /^'(.*)'\s*$/.exec(value)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  return /^"(.*)"\s*$/.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? value;
}

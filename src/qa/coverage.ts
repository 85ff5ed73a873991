/** Lines that ran, of the lines that could. */
export interface LineCoverage {
  covered: number;
  total: number;
}

interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

interface Script {
  url: string;
  ranges: Range[];
}

/** What Node can run, and so leaves coverage of. */
const MEASURED = /\.[cm]?[jt]s$/i;
/** Such lines run with whatever stands around them; taking a comment away must not look like a loss. */
const NO_CODE = /^\s*(?:\/\/.*|\/\*.*|\*.*|[\s})\];,]*)$/;

/**
 * Line coverage of some files, from what Node writes for `NODE_V8_COVERAGE` (one JSON document a process, its own form:
 * `result[].functions[].ranges[]` with offsets in UTF-16 units). A line counts as covered when any process ran it. A
 * file that no process loaded counts in full as not covered. `sources` are the files' texts by path below `root`, the
 * absolute folder that the checks ran in. null: it cannot be measured, because none of these files left a trace or the
 * code that ran is not the code in the file.
 */
export function measureCoverage(
  reports: readonly unknown[],
  sources: ReadonlyMap<string, string>,
  root: string,
): LineCoverage | null {
  const measured = [...sources].filter(([path]) => MEASURED.test(path));
  const scripts = reports.flatMap(scriptsOf);
  const sum: LineCoverage = { covered: 0, total: 0 };
  let isTraced = false;
  for (const [path, source] of measured) {
    const file = `${root.replace(/\/$/, '')}/${path}`;
    const runs = scripts.filter(({ url }) => pathOf(url) === file);
    const text = source.replace(/^\uFEFF/, '');
    // Code that was rewritten before it ran has other offsets, which say nothing of this text.
    if (runs.some(({ url, ranges }) => ranges.some(({ endOffset }) => !endsWithin(text, url, endOffset)))) return null;
    if (runs.length > 0) isTraced = true;
    const lines = linesOf(text);
    const ran = runs.map(({ ranges }) => lines.map((line) => isCovered(line, ranges)));
    sum.total += lines.length;
    sum.covered += lines.filter((_line, index) => ran.some((run) => run[index] === true)).length;
  }
  return isTraced ? sum : null;
}

/** Node blanks out the types of TypeScript in place and puts a comment with the URL behind it (tried with Node 24). */
function endsWithin(text: string, url: string, endOffset: number): boolean {
  return endOffset <= text.length || endOffset === `${text}\n\n//# sourceURL=${url}`.length;
}

/** Whether a smaller share of the lines ran than before. */
export function coverageFell(before: LineCoverage, after: LineCoverage): boolean {
  if (before.total === 0 || after.total === 0) return false;
  return after.covered * before.total < before.covered * after.total;
}

/** The innermost range around a line decides; V8 lists functions and their blocks from the outside in. */
function isCovered(line: Pick<Range, 'startOffset' | 'endOffset'>, ranges: readonly Range[]): boolean {
  let count = 0;
  for (const range of ranges) {
    if (range.startOffset <= line.startOffset && range.endOffset >= line.endOffset) count = range.count;
  }
  return count > 0;
}

/** Lines that hold code, by the offsets of their first and last character that is no space. */
function linesOf(text: string): Pick<Range, 'startOffset' | 'endOffset'>[] {
  const lines: Pick<Range, 'startOffset' | 'endOffset'>[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (!NO_CODE.test(line)) {
      const startOffset = offset + line.length - line.trimStart().length;
      lines.push({ startOffset, endOffset: offset + line.trimEnd().length });
    }
    offset += line.length + 1;
  }
  return lines;
}

/** The documents come out of a sandbox: whatever has another form is no coverage. */
function scriptsOf(report: unknown): Script[] {
  return listIn(report, 'result').flatMap((script) => {
    const url = fieldOf(script, 'url');
    if (typeof url !== 'string') return [];
    const ranges = listIn(script, 'functions').flatMap((part) => listIn(part, 'ranges').flatMap(rangeOf));
    return ranges.length === 0 ? [] : [{ url, ranges }];
  });
}

function rangeOf(range: unknown): Range[] {
  const [startOffset, endOffset, count] = ['startOffset', 'endOffset', 'count'].map((name) => fieldOf(range, name));
  if (typeof startOffset !== 'number' || typeof endOffset !== 'number' || typeof count !== 'number') return [];
  return [{ startOffset, endOffset, count }];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listIn(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

function pathOf(url: string): string | null {
  try {
    const { protocol, pathname } = new URL(url);
    return protocol === 'file:' ? decodeURIComponent(pathname) : null;
  } catch {
    return null;
  }
}

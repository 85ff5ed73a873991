import { cleanLine, cleanText } from '#src/safety/clean-text.ts';
import { readGoJson } from './report-go.ts';
import { readJsonReport } from './report-json.ts';
import { readJUnit } from './report-junit.ts';
import { readTap } from './report-tap.ts';
import type { TestCase } from './report.ts';

/** Most that is read of a report. A larger one is not read at all: half a report would hide failures. */
export const MAX_REPORT_BYTES = 8 * 1024 * 1024;
const MAX_CASES = 20_000;
const MAX_NAME_CHARACTERS = 500;
const MAX_MESSAGE_CHARACTERS = 2_000;

/** A case as a reader found it; names as the runner wrote them, outermost first. */
export interface RawCase {
  path: string[];
  status: TestCase['status'];
  message: string | null;
}

/**
 * The cases of a report in TAP, JUnit XML, `go test -json` or the JSON of vitest and jest; the form is seen from the
 * content. Null when it is none of these, is damaged or too large: then only the exit code speaks.
 */
export function readReport(text: string): TestCase[] | null {
  if (text.length > MAX_REPORT_BYTES) return null;
  const content = text.replace(/^\uFEFF/, '').trimStart();
  const raw = content.startsWith('<')
    ? readJUnit(content)
    : content.startsWith('{')
      ? (readJsonReport(content) ?? readGoJson(content))
      : readTap(content);
  if (raw === null || raw.length > MAX_CASES) return null;
  return raw.map(clean);
}

function clean(raw: RawCase): TestCase {
  const names = raw.path.map((name) => cleanLine(name, MAX_NAME_CHARACTERS)).filter((name) => name !== '');
  const name = names.join(' > ').slice(0, MAX_NAME_CHARACTERS);
  return {
    name: name === '' ? '(without a name)' : name,
    status: raw.status,
    message:
      raw.status === 'passed'
        ? null
        : cleanText(raw.message ?? '')
            .trim()
            .slice(0, MAX_MESSAGE_CHARACTERS)
            .toWellFormed(),
  };
}

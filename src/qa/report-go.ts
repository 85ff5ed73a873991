import { z } from 'zod';
import type { RawCase } from './read-report.ts';

/** One line of `go test -json`, see `go doc test2json`. */
const GoEvent = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});

const RESULT: Readonly<Record<string, RawCase['status']>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };
const MAX_KEPT_OUTPUT = 4_000;

/**
 * Cases of `go test -json`. A test whose subtests stand for it is left out unless it failed alone; a package that
 * failed without a failed test (it did not build, or panicked) is a failed case. Lines that are not JSON are passed
 * over (a program under test may print); null when no line is an event.
 */
export function readGoJson(text: string): RawCase[] | null {
  const found = new Map<string, { pkg: string; test: string; status: RawCase['status'] | null; output: string }>();
  let events = 0;
  for (const line of text.split('\n')) {
    const event = readEvent(line);
    if (event === null) continue;
    events += 1;
    const pkg = event.Package ?? event.ImportPath ?? '';
    const test = event.Test ?? '';
    const key = `${pkg}\0${test}`;
    const entry = found.get(key) ?? { pkg, test, status: null, output: '' };
    found.set(key, entry);
    if ((event.Action === 'output' || event.Action === 'build-output') && entry.output.length < MAX_KEPT_OUTPUT) {
      entry.output += event.Output ?? '';
    }
    if (Object.hasOwn(RESULT, event.Action)) entry.status = RESULT[event.Action] ?? null;
  }
  if (events === 0) return null;

  const cases: RawCase[] = [];
  const entries = [...found.values()];
  const failedTests = new Set(
    entries
      .filter((entry) => entry.test !== '' && entry.status === 'failed')
      .map((entry) => `${entry.pkg}\0${entry.test}`),
  );
  const parents = new Set(
    entries.flatMap(({ pkg, test }) => {
      const names = test.split('/');
      return names.slice(0, -1).map((_, index) => `${pkg}\0${names.slice(0, index + 1).join('/')}`);
    }),
  );
  const hasFailedBelow = (pkg: string, prefix: string): boolean =>
    [...failedTests].some((key) => key.startsWith(`${pkg}\0${prefix}`) && key !== `${pkg}\0${prefix}`);
  for (const { pkg, test, status, output } of entries) {
    if (test === '') {
      if (status === 'failed' && !hasFailedBelow(pkg, '')) cases.push({ path: [pkg], status, message: output });
      continue;
    }
    // A test that began and never ended was cut off: it has not passed.
    const result = status ?? 'failed';
    if (parents.has(`${pkg}\0${test}`) && (result !== 'failed' || hasFailedBelow(pkg, `${test}/`))) continue;
    cases.push({
      path: [pkg, ...test.split('/').map((name) => name.replaceAll('_', ' '))],
      status: result,
      message: output,
    });
  }
  return cases;
}

/** What a person would have seen without `-json`. */
export function goOutputText(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const event = readEvent(line);
      return event === null ? `${line}\n` : (event.Output ?? '');
    })
    .join('');
}

function readEvent(line: string): z.infer<typeof GoEvent> | null {
  if (!line.startsWith('{')) return null;
  try {
    return GoEvent.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

import { cleanText, tailOf } from '#src/safety/clean-text.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import type { CheckReport, CheckRun, TestCase } from '#src/qa/report.ts';

const MAX_SUMMARY_CHARACTERS = 6_000;
/** Failing cases come first; the output's end gets what they leave. */
const MAX_CASES_CHARACTERS = 3_500;
const MAX_MESSAGE_CHARACTERS = 700;
const MAX_UNDONE = 10;
/** A report keeps 4,000 characters, and begins at a line: one that was cut has at least half of them. */
const SURELY_WHOLE_CHARACTERS = 2_000;

const ENDS: Readonly<Record<NonNullable<CheckRun['endedBy']>, string>> = {
  'wall-time': 'it took too long',
  memory: 'it used too much memory',
  disk: 'it wrote too much to the disk',
  processes: 'it started too many processes',
  stopped: 'it was stopped',
  signal: 'a signal ended it',
};

/**
 * What a check came to, for a model: the exit code, failing cases, the end of the output, and what is left out of it.
 * No times in it: the same tree gives the same words.
 */
export function describeCheck(report: CheckReport, undone: readonly string[] | null): string {
  const [run] = report.checks;
  if (run === undefined) return 'The check did not run.';
  return clean(
    [outcome(`The check ${JSON.stringify(run.name)}`, run), ...countsOf(run.cases), ...treeNote(undone)],
    failures(run.cases ?? []),
    run.outputTail,
  );
}

/** What the checks need could not be made ready, so none was run. */
export function describeFailedPreparation({ prepare }: CheckReport): string {
  if (prepare === null) return 'The check did not run.';
  return clean([`The check was not run: ${outcome('its preparation', prepare)}`], '', prepare.outputTail);
}

function outcome(what: string, { exitCode, endedBy }: CheckRun): string {
  if (endedBy !== null) return `${what} did not end by itself: ${ENDS[endedBy]}.`;
  return exitCode === 0 ? `${what} passed (exit code 0).` : `${what} failed (exit code ${exitCode}).`;
}

function countsOf(cases: readonly TestCase[] | null): string[] {
  if (cases === null) return ['It left no results that could be read case by case.'];
  const count = (status: TestCase['status']) => cases.filter((one) => one.status === status).length;
  return [`Cases: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped.`];
}

function treeNote(undone: readonly string[] | null): string[] {
  if (undone === null) return ['Whether it wrote files of the repository could not be found out.'];
  if (undone.length === 0) return [];
  const more = undone.length > MAX_UNDONE ? ` and ${undone.length - MAX_UNDONE} more` : '';
  return [`It wrote files of the repository, which was undone: ${undone.slice(0, MAX_UNDONE).join(', ')}${more}.`];
}

function failures(cases: readonly TestCase[]): string {
  const failed = cases.filter(({ status }) => status === 'failed');
  const shown: string[] = [];
  let used = 0;
  for (const { name, message } of failed) {
    const entry = [`- ${name}`, ...indent(message ?? '')].join('\n');
    used += entry.length + 1;
    if (used > MAX_CASES_CHARACTERS) break;
    shown.push(entry);
  }
  if (shown.length === 0 && failed.length > 0) shown.push(`- ${failed[0]?.name ?? ''}`);
  const left = failed.length - shown.length;
  if (left > 0) shown.push(`(${left} more failed cases are not shown)`);
  return shown.join('\n');
}

function indent(message: string): string[] {
  const text = message.trim();
  if (text === '') return [];
  const cut = text.length - MAX_MESSAGE_CHARACTERS;
  const shown = cut > 0 ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}… (${cut} more characters)` : text;
  return shown.split('\n').map((line) => `  ${line}`);
}

function clean(head: readonly string[], failed: string, output: string): string {
  const before = [redact(head.join('\n')), ...(failed === '' ? [] : [`Failed:\n${redact(failed)}`])].join('\n\n');
  const whole = redact(output);
  if (whole === '') return `${before}\n\nIt printed nothing more.`.slice(0, MAX_SUMMARY_CHARACTERS);
  const tail = tailOf(whole, Math.max(500, MAX_SUMMARY_CHARACTERS - before.length - 100));
  const isWhole = tail.length === whole.length && whole.length < SURELY_WHOLE_CHARACTERS;
  const title = isWhole ? 'It printed:' : 'The end of what it printed (what came before it is left out):';
  return `${before}\n\n${title}\n${tail}`;
}

function redact(text: string): string {
  return redactSecrets(cleanText(text)).trim();
}

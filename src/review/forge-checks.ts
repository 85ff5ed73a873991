import type { ForgeCheck, ForgeChecks } from '#src/ports/forge.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { cleanLine, cleanText, tailOf } from '#src/safety/clean-text.ts';

const NAMED = 5;
/** Of what a check says about itself; as much as a check of our own keeps of its output. */
const SAID_CHARS = 4_000;

/** While checks of the forge run: how many, and which. */
export function stillRunning(number: number, { runs }: ForgeChecks): string {
  const open = runs.filter(({ state }) => state === 'pending');
  const what = runs.length === 0 ? 'whether checks begin' : `${open.length} of ${runs.length} checks: ${namesOf(open)}`;
  return `Pull request ${number} is open and waits for ${what}. After 6 hours a person is asked without those that have not ended.`;
}

/** What a reviewer has to know of them first; nothing where all is as it should be. */
export function noteForgeChecks(checks: ForgeChecks | null): string[] {
  if (checks === null) return [];
  const skipped = checks.runs.filter(({ state }) => state === 'skipped');
  if (checks.state === 'none') return ['No check of the forge ran for this change.'];
  const open = checks.runs.filter(({ state }) => state === 'pending');
  return [
    ...(open.length === 0 ? [] : [`Not ended after 6 hours, so nobody knows what it says: ${namesOf(open)}.`]),
    ...(skipped.length === 0 ? [] : [`The forge skipped ${namesOf(skipped)}.`]),
  ];
}

/** The checks that failed, as a report that whoever mends it can read. What they say is text from outside. */
export function reportOfForge(sha: string, { runs }: ForgeChecks): CheckReport {
  return {
    sha,
    prepare: null,
    checks: runs
      .filter(({ state }) => state === 'passed' || state === 'failed')
      .map((run) => ({
        name: nameOf(run),
        command: nameOf(run),
        exitCode: run.state === 'passed' ? 0 : 1,
        endedBy: null,
        durationMs: run.durationMs ?? 0,
        cases: null,
        outputTail: tailOf(cleanText(run.summary ?? ''), SAID_CHARS),
      })),
  };
}

/** One sentence a check that failed, with where to read on. */
export function findingsOfForge({ runs }: ForgeChecks): { check: string; test: null; text: string }[] {
  return runs
    .filter(({ state }) => state === 'failed')
    .map((run) => {
      const first = cleanLine((run.summary ?? '').split('\n')[0] ?? '', 300);
      const said = first === '' ? '' : ` It says: ${first}`;
      return { check: nameOf(run), test: null, text: `The check ${nameOf(run)} failed on the forge.${said}` };
    });
}

function nameOf({ name }: ForgeCheck): string {
  return cleanLine(name, 100);
}

function namesOf(runs: readonly ForgeCheck[]): string {
  const names = runs.slice(0, NAMED).map(nameOf).join(', ');
  return runs.length > NAMED ? `${names} and ${runs.length - NAMED} more` : names;
}

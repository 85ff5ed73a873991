import type { Criterion } from '#src/writers-room/story.ts';
import { matchCriteria } from './match-criteria.ts';
import { findMissingTool } from './missing-tool.ts';
import type { CheckReport, CheckRun, QaVerdict, TestCase } from './report.ts';

/** Of what a test says went wrong. */
const MAX_SAID_CHARACTERS = 300;

type Finding = QaVerdict['findings'][number];
type Known = QaVerdict['knownBefore'][number];

interface Judgement {
  failed: boolean;
  findings: Finding[];
  knownBefore: Known[];
}

/**
 * Judges a change by what ran before it (`base`, null when nothing could be run there) and after it (`head`).
 *
 * The exit code decides. A command that ended badly is forgiven only when its cases can be read before and after, at
 * least one failed, every one that failed also failed before by the same name, and none is gone; those are
 * `knownBefore`. A case that newly failed counts even where the command ended well. Cases that passed before and are
 * gone or skipped now are findings for people, but alone they fail nothing: tests get renamed. Nothing that ran no
 * test is called passed where the cases could be read.
 */
export function judge(input: {
  base: CheckReport | null;
  head: CheckReport;
  criteria: readonly Criterion[];
}): QaVerdict {
  const { base, head } = input;
  const cases = head.checks.flatMap((check) => check.cases ?? []);
  const passedBefore = new Set(
    (base?.checks ?? [])
      .flatMap((check) => check.cases ?? [])
      .filter((each) => each.status === 'passed')
      .map((each) => each.name),
  );
  const proofs = matchCriteria(input.criteria, cases, passedBefore);

  if (head.prepare !== null && !endedWell(head.prepare)) {
    const before = base?.prepare != null && !endedWell(base.prepare) ? ' It did so before this change too.' : '';
    const text = `Preparing the repository ${howItEnded(head.prepare)}, so no check was run.${before}`;
    return { outcome: 'failed', proofs, findings: [{ check: head.prepare.name, test: null, text }], knownBefore: [] };
  }

  const judgements = head.checks.map((check) =>
    judgeCheck(base?.checks.find((each) => each.name === check.name) ?? null, check),
  );
  const findings = judgements.flatMap((each) => each.findings);
  const knownBefore = judgements.flatMap((each) => each.knownBefore);
  const gone = (base?.checks ?? []).filter((before) => !head.checks.some((check) => check.name === before.name));
  for (const check of gone)
    findings.push({
      check: check.name,
      test: null,
      text: 'This check ran before the change and was not run after it.',
    });

  const failed = gone.length > 0 || judgements.some((each) => each.failed);
  const ranNothing = head.checks.every(
    (check) => check.cases !== null && !check.cases.some((each) => each.status !== 'skipped'),
  );
  const outcome = failed ? 'failed' : ranNothing ? 'no-checks' : 'passed';
  return { outcome, proofs, findings, knownBefore };
}

function judgeCheck(base: CheckRun | null, head: CheckRun): Judgement {
  const findings: Finding[] = [];
  const note = (test: string | null, text: string): number => findings.push({ check: head.name, test, text });
  /** How the whole command ended says more than the tests that it lost by that. */
  const noteFirst = (text: string): number => findings.unshift({ check: head.name, test: null, text });
  const redBefore = base !== null && !endedWell(base);

  const missing = findMissingTool(head);
  if (missing !== null && (head.cases === null || head.cases.length === 0)) {
    note(null, `"${head.command}" could not run: ${missing} is not there where checks run.`);
    return { failed: true, findings, knownBefore: [] };
  }
  if (head.cases === null) {
    if (!endedWell(head)) {
      const before = redBefore
        ? ' It was red before this change, and without names of tests the two cannot be told apart.'
        : '';
      note(null, `"${head.command}" ${howItEnded(head)}${lastWords(head)}.${before}`);
      return { failed: true, findings, knownBefore: [] };
    }
    if (base?.cases != null && base.cases.length > 0) {
      note(null, 'The names of its tests could be read before this change, and not after it.');
    }
    return { failed: false, findings, knownBefore: [] };
  }

  const { added, known } = splitFailures(base?.cases ?? [], head.cases);
  for (const failure of added) note(failure.name, sentence(failure, base));
  const lost = lostCases(base?.cases ?? [], head.cases);
  for (const { name, how } of lost)
    note(
      name,
      how === 'gone'
        ? `"${name}" passed before this change and is gone.`
        : `"${name}" passed before this change and is skipped now.`,
    );

  const knownBefore = known.map((each): Known => ({ check: head.name, test: each.name }));
  if (endedWell(head)) {
    if (!head.cases.some((each) => each.status !== 'skipped')) note(null, 'It ended well, but no test ran.');
    return { failed: added.length > 0, findings, knownBefore };
  }
  if (added.length > 0) return { failed: true, findings, knownBefore };
  if (head.endedBy !== null || known.length === 0) {
    const none = known.length === 0 && head.endedBy === null ? ', though no test is reported as failed' : '';
    const before = redBefore ? ' It was red before this change too, and the two cannot be told apart.' : '';
    noteFirst(`"${head.command}" ${howItEnded(head)}${none}.${before}`);
    return { failed: true, findings, knownBefore };
  }
  // Red by the same tests alone; but a run that lost tests may have lost what it broke, and one that was green cannot
  // have had them.
  if (lost.length > 0 || !redBefore) {
    noteFirst(`"${head.command}" ${howItEnded(head)}, and not only by what was red before.`);
    return { failed: true, findings, knownBefore };
  }
  return { failed: false, findings, knownBefore };
}

/** A name that is used several times counts as often as it failed: one more failure than before is a new one. */
function splitFailures(base: readonly TestCase[], head: readonly TestCase[]): { added: TestCase[]; known: TestCase[] } {
  const before = new Map<string, number>();
  for (const each of base) if (each.status === 'failed') before.set(each.name, (before.get(each.name) ?? 0) + 1);
  const added: TestCase[] = [];
  const known: TestCase[] = [];
  for (const each of head) {
    if (each.status !== 'failed') continue;
    const left = before.get(each.name) ?? 0;
    before.set(each.name, left - 1);
    (left > 0 ? known : added).push(each);
  }
  return { added, known };
}

interface LostCase {
  name: string;
  how: 'gone' | 'skipped';
}

function lostCases(base: readonly TestCase[], head: readonly TestCase[]): LostCase[] {
  const now = new Map<string, TestCase['status'][]>();
  for (const each of head) now.set(each.name, [...(now.get(each.name) ?? []), each.status]);
  const names = new Set(base.filter((each) => each.status === 'passed').map((each) => each.name));
  return [...names].flatMap((name): LostCase[] => {
    const statuses = now.get(name);
    if (statuses === undefined) return [{ name, how: 'gone' }];
    return statuses.every((status) => status === 'skipped') ? [{ name, how: 'skipped' }] : [];
  });
}

function sentence(failure: TestCase, base: CheckRun | null): string {
  const before = base?.cases?.find((each) => each.name === failure.name);
  const was = before?.status === 'passed' ? 'passed before this change and fails now' : 'fails';
  const said = firstWords(failure.message ?? '');
  return `"${failure.name}" ${was}${said === '' ? '.' : `: ${said}`}`;
}

/** The first line, and the next one where the first only announces it ("Expected values to be strictly equal:"). */
function firstWords(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = '', second = ''] = lines;
  return (first.endsWith(':') ? `${first} ${second}` : first).trim().slice(0, MAX_SAID_CHARACTERS);
}

/** The end of what a failed command printed says more than its exit code. */
function lastWords(run: CheckRun): string {
  if (run.endedBy !== null) return '';
  const last =
    run.outputTail
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.trim()
      .slice(0, 200)
      .replace(/[.:]+$/, '') ?? '';
  return last === '' ? '' : `: ${last}`;
}

function endedWell(run: CheckRun): boolean {
  return run.exitCode === 0 && run.endedBy === null;
}

function howItEnded(run: CheckRun): string {
  if (run.endedBy === 'wall-time') return 'did not end in its time';
  if (run.endedBy === 'memory') return 'used more memory than it may';
  if (run.endedBy === 'disk') return 'wrote more than it may';
  if (run.endedBy === 'processes') return 'started more processes than it may';
  if (run.endedBy === 'stopped') return 'was stopped on request';
  if (run.endedBy === 'signal' || run.exitCode === null) return 'was ended from outside';
  return `ended with exit code ${run.exitCode}`;
}

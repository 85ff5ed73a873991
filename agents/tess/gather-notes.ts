import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { DiffFacts, HostFile, RepositoryRef } from '#src/ports/workspace.ts';
import { readDiffLines } from '#src/review/diff-lines.ts';
import { noteLicences } from '#src/review/licences.ts';
import { lookAt, noteTouchedTests } from '#src/review/look-at.ts';
import { noteLostAssertions } from '#src/review/lost-assertions.ts';
import { findPowers, notePowers } from '#src/review/powers.ts';
import { capped } from '#src/review/quote.ts';
import { judgeRisk } from '#src/review/risk.ts';
import type { Risk } from '#src/review/risk.ts';
import { noteSkippedTests } from '#src/review/skipped-tests.ts';
import { noteUnusualFiles } from '#src/review/unusual-files.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { noteNotFetched, notePushed, noteWhatJudges } from './notes-for-review.ts';
import { reviewDependencies } from './notes-on-trust.ts';

/** Of one kind; more of them are one finding, not many. */
const MAX_NOTES = 10;

/** Of what is worth a look for itself: more than anybody reads. */
const MAX_LOOKS = 30;

/** The change that a review is asked for. */
export interface ReviewedChange {
  facts: DiffFacts;
  /** The commit that would land: the head, or the merge result where the base moved. */
  target: string;
  diff: { text: string; truncated: boolean };
  /** Where the branch began, when its head is not what the factory built but what somebody pushed; else null. */
  pushedOn: string | null;
  /** What the host itself wrote into the change. */
  hostFiles: readonly HostFile[];
  touchedTests: readonly string[];
  isTest: (path: string) => boolean;
  qa: QaResultPacket;
}

/** What a reviewer has to know first, most telling first, and how risky that makes it. All of it is read from commits. */
export async function gatherNotes(
  tools: StepTools,
  repo: RepositoryRef,
  change: ReviewedChange,
  signal: AbortSignal,
): Promise<{ notes: string[]; risk: Risk }> {
  const { facts, target, diff, pushedOn, hostFiles, touchedTests, isTest, qa } = change;
  const lines = readDiffLines(diff.text);
  const pushed =
    pushedOn === null ? [] : await notePushed(tools, repo, { headSha: facts.headSha, baseSha: pushedOn, hostFiles });
  const judges = await noteWhatJudges(tools, repo, { ...facts, headSha: target });
  const dependencies = await reviewDependencies(tools, repo, { facts, target }, signal);
  const notFetched = await noteNotFetched(tools, repo, target);
  // Of checks that passed, what is found are tests that went missing or were set aside.
  const missing = qa.findings.map(({ text }) => text);
  const deleted = new Set(facts.files.filter(({ status }) => status === 'deleted').map(({ path }) => path));
  const lost = noteLostAssertions(lines, (path) => isTest(path) && !deleted.has(path));
  const weaker = [...noteSkippedTests(lines), ...lost];
  const licences = noteLicences(facts, lines);
  const told = new Set(findPowers(facts).map(({ path }) => path));
  for (const { path } of facts.files)
    if (dependencies.notes.some((note) => note.startsWith(`${path}: `))) told.add(path);
  return {
    notes: [
      ...pushed,
      ...judges,
      ...capped(noteTouchedTests(facts, touchedTests), MAX_LOOKS, 'tests that are touched'),
      ...capped(missing, MAX_LOOKS, 'findings of the checks'),
      ...capped(weaker, MAX_NOTES, 'tests that are set aside or ask for less'),
      ...dependencies.notes,
      ...capped(notePowers(facts), MAX_NOTES, 'files of this kind'),
      ...capped(noteUnusualFiles(facts, lines), MAX_NOTES, 'links, submodules or programs'),
      ...capped(licences, MAX_NOTES, 'changes of licences'),
      ...notFetched,
      ...(diff.truncated
        ? [
            'The change is so large that not all of it was searched for tests that are set aside or ask for less, and for licences.',
          ]
        : []),
      ...capped(lookAt(facts, isTest, new Set(touchedTests), told), MAX_LOOKS, 'files to look at'),
    ],
    risk: judgeRisk({
      diff: facts,
      dependencies,
      notes: {
        pushed: pushed.length,
        judges: judges.length,
        weakerTests: weaker.length + missing.length + [...deleted].filter(isTest).length,
        licences: licences.length,
      },
      wasChecked: qa.outcome !== 'no-checks',
    }),
  };
}

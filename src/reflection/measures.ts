import type { Period } from './period.ts';
import { within } from './period.ts';
import { median, shareOf, sum } from './statistics.ts';
import type { Share } from './statistics.ts';
import type { TaskHistory } from './task-history.ts';

/** How the factory did in a period. A task counts where its end lies; medians are of merged tasks, null without any. */
export interface Measures {
  committed: number;
  merged: number;
  /** Of the merged ones: those that took earlier ones back. */
  reverts: number;
  rejected: number;
  cancelled: number;
  /** Of the tasks that ended: those that got as far as a pull request. */
  pullRequests: Share;
  /** Pull requests of tasks that no person started. They are among the others too. */
  pullRequestsBegunByThemselves: number;
  /** Of the tasks that ended: merged without help. Committing and approving are no help; all else that a person did is. */
  unaided: Share;
  /** Of the tasks whose first verdict fell in the period: those that passed at once. Runs without checks do not count. */
  firstPass: Share;
  /** How often the work went from one persona to another. */
  handOffs: number | null;
  /** From the first word of the conversation to the merge. */
  leadMs: number | null;
  /** How long a task stood with people: in review, blocked, in somebody's hands. How long they worked nobody knows. */
  withPeopleMs: number | null;
  /** What people did to a task after they committed it, approving included. */
  touches: number | null;
  retries: number;
  costMicroUsd: number;
  tokens: number;
}

export function measure(
  histories: readonly TaskHistory[],
  ideaAt: ReadonlyMap<string, string>,
  period: Period,
): Measures {
  const ended = histories.filter(({ endedAt }) => within(period, endedAt));
  const merged = ended.filter(({ outcome }) => outcome === 'merged');
  const verdicts = histories
    .flatMap(firstVerdict)
    .filter(({ at, outcome }) => within(period, at) && outcome !== 'no-checks');
  const opened = histories.filter(({ openedAt }) => within(period, openedAt));
  const leads = merged.flatMap(({ conversationId, endedAt }) => {
    const from = ideaAt.get(conversationId);
    return from === undefined || endedAt === null ? [] : [Math.max(0, Date.parse(endedAt) - Date.parse(from))];
  });
  return {
    committed: histories.filter(({ committedAt }) => within(period, committedAt)).length,
    merged: merged.length,
    reverts: merged.filter(({ reverts }) => reverts !== null).length,
    rejected: ended.filter(({ outcome }) => outcome === 'rejected').length,
    cancelled: ended.filter(({ outcome }) => outcome === 'cancelled').length,
    pullRequests: shareOf(ended, ({ openedAt }) => openedAt !== null),
    pullRequestsBegunByThemselves: opened.filter(({ beganByItself }) => beganByItself).length,
    unaided: shareOf(ended, isUnaided),
    firstPass: shareOf(verdicts, ({ outcome }) => outcome === 'passed'),
    handOffs: median(merged.map(handOffsOf)),
    leadMs: median(leads),
    withPeopleMs: median(
      merged.map(({ stands }) => sum(stands.flatMap(({ holder, ms }) => (holder === 'people' ? [ms] : [])))),
    ),
    touches: median(merged.map(({ touches }) => touches.length)),
    retries: sum(
      histories.map(
        ({ verdicts: all }) => all.filter(({ at, outcome }) => outcome === 'failed' && within(period, at)).length,
      ),
    ),
    costMicroUsd: sum(ended.map(({ costMicroUsd }) => costMicroUsd)),
    tokens: sum(ended.map(({ tokens }) => tokens)),
  };
}

function firstVerdict({ verdicts }: TaskHistory) {
  return verdicts.slice(0, 1);
}

function isUnaided({ outcome, touches, blocked }: TaskHistory): boolean {
  return outcome === 'merged' && blocked.length === 0 && touches.every(({ kind }) => kind === 'approved');
}

function handOffsOf({ steps }: TaskHistory): number {
  return steps.filter(({ persona }, index) => index > 0 && persona !== steps[index - 1]?.persona).length;
}

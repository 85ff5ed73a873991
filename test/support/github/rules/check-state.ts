import type { CheckRun, Repository, Status } from '../hub/types.ts';

export type CheckState = 'missing' | 'pending' | 'failing' | 'passing';

const PASSING = new Set(['success', 'neutral', 'skipped']);

/** What a commit's checks of that name say. Runs and statuses share their names; the worse of both counts. */
export function checkState(repository: Repository, sha: string, name: string): CheckState {
  const run = latestRuns(repository, sha).find((one) => one.name === name);
  const status = latestStatuses(repository, sha).find((one) => one.context === name);
  const states = [run === undefined ? null : runState(run), status === undefined ? null : statusState(status)];
  return (['failing', 'pending', 'passing'] as const).find((state) => states.includes(state)) ?? 'missing';
}

/** The youngest run of each name and app. */
export function latestRuns(repository: Repository, sha: string): CheckRun[] {
  const byName = new Map<string, CheckRun>();
  for (const run of repository.checkRuns) if (run.headSha === sha) byName.set(`${run.app.id}/${run.name}`, run);
  return [...byName.values()];
}

/** The youngest status of each context. */
export function latestStatuses(repository: Repository, sha: string): Status[] {
  const byContext = new Map<string, Status>();
  for (const status of repository.statuses) if (status.sha === sha) byContext.set(status.context, status);
  return [...byContext.values()];
}

/** Null: the commit has no checks at all. */
export function allChecks(repository: Repository, sha: string): CheckState | null {
  const states = [...latestRuns(repository, sha).map(runState), ...latestStatuses(repository, sha).map(statusState)];
  return (['failing', 'pending', 'passing'] as const).find((state) => states.includes(state)) ?? null;
}

function runState({ status, conclusion }: CheckRun): CheckState {
  if (status !== 'completed' || conclusion === null) return 'pending';
  return PASSING.has(conclusion) ? 'passing' : 'failing';
}

function statusState({ state }: Status): CheckState {
  if (state === 'success') return 'passing';
  return state === 'pending' ? 'pending' : 'failing';
}

/** The one word over all statuses of a commit; `pending` also when there are none. */
export function combinedState(statuses: readonly Status[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
}

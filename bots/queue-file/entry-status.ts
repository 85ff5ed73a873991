import type { QueueEntry } from '#src/intake/queue-file/read-queue.ts';

/** What the factory writes into an entry while it is worked on. */
export type OpenStatus = 'needs-answers' | 'proposed' | 'in-progress' | 'in-review' | 'blocked' | 'taken';
/** What it writes at the end, each with the outcome of the run that it rests on. */
export type EndStatus = 'done' | 'rejected' | 'stopped';

/** How the latest run of an entry stands, for people. */
export interface LastRun {
  /** ISO 8601 UTC: when it ended, else when it began. */
  at: string;
  /** Number of the task; null: there is none yet. */
  task: number | null;
  outcome: string;
  branch: string | null;
  pullRequest: number | null;
  /** What has to be said before anything can be done. */
  questions?: string[];
}

export interface EntryState {
  status: OpenStatus | EndStatus;
  /** null: nothing has run. */
  lastRun: LastRun | null;
}

const OUTCOMES: Readonly<Record<EndStatus, string>> = { done: 'merged', rejected: 'rejected', stopped: 'stopped' };
/** As people mark work that nobody has begun; no mark at all means the same. */
const WANTED = new Set(['', 'pending', 'todo', 'to-do', 'open', 'new', 'queued', 'ready', 'planned']);
const OWN: ReadonlySet<string> = new Set([
  'needs-answers',
  'proposed',
  'in-progress',
  'in-review',
  'blocked',
  'taken',
] satisfies OpenStatus[]);

export function outcomeOf(status: EndStatus): string {
  return OUTCOMES[status];
}

/**
 * Whether the entry is the factory's to work on and to write to. Any other word in `status` is a person's who has decided
 * about it, `done` too: unless the factory wrote it, which the outcome beside it tells.
 */
export function isOurs({ status, lastRun }: Pick<QueueEntry, 'status' | 'lastRun'>): boolean {
  const said = (status ?? '').toLowerCase();
  if (WANTED.has(said) || OWN.has(said)) return true;
  const outcome = (lastRun as Partial<LastRun> | null)?.outcome;
  return Object.hasOwn(OUTCOMES, said) && OUTCOMES[said as EndStatus] === outcome;
}

import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import type { PullRequestDraft } from '#src/ports/forge.ts';
import type { Mirror } from '#infra/git/mirror.ts';

/**
 * Pull requests of the local forge, kept in the factory's mirror (nothing of this is written to the person's
 * repository), so that they share the fate of the commits that they speak of:
 *
 *   refs/factory/pulls/<n>          a JSON blob, the record below
 *   refs/factory/pull/<n>/head      the commit, so that it is kept
 *   refs/factory/claims/<branch>    a blob with the number: a branch has one pull request that is open or merged
 *
 * The three change in one ref transaction with expected old values: of two processes, one wins and the other looks again.
 */
const pullRequestRecord = z.strictObject({
  version: z.literal(1),
  number: z.int().min(1),
  taskId: z.string(),
  title: z.string(),
  body: z.string(),
  branch: z.string(),
  baseBranch: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  headSha: z.string(),
  mergedSha: z.string().nullable(),
});
export type PullRequestRecord = z.infer<typeof pullRequestRecord>;

/** A record together with the blob that holds it: the expected old value of its next change. */
export interface StoredPullRequest {
  record: PullRequestRecord;
  blob: string;
}

const MAX_TRIES = 60;

export async function readPullRequestRecord(mirror: Mirror, number: number): Promise<StoredPullRequest | null> {
  const stored =
    Number.isInteger(number) && number > 0 ? await readBlobAt(mirror, `refs/factory/pulls/${number}`) : null;
  return stored && { blob: stored.blob, record: pullRequestRecord.parse(JSON.parse(stored.text)) };
}

/** The open or merged pull request of a branch. */
export async function findByBranch(mirror: Mirror, branch: string): Promise<StoredPullRequest | null> {
  const claim = await readBlobAt(mirror, `refs/factory/claims/${branch}`);
  return claim && readPullRequestRecord(mirror, Number(claim.text));
}

/** Makes the record, or finds the one that another call made. Numbers count up from 1 and are never used again. */
export async function addPullRequest(
  mirror: Mirror,
  draft: PullRequestDraft,
  baseBranch: string,
): Promise<PullRequestRecord> {
  for (let attempt = 1; ; attempt += 1) {
    const existing = await findByBranch(mirror, draft.branch);
    if (existing) return ofSameTask(existing.record, draft);
    const number = (await highestNumber(mirror)) + 1;
    const { title, body, branch, headSha, taskId } = draft;
    const record: PullRequestRecord = {
      version: 1,
      number,
      taskId,
      title,
      body,
      branch,
      baseBranch,
      state: 'open',
      headSha,
      mergedSha: null,
    };
    const done = await transact(mirror, [
      `create refs/factory/pulls/${number} ${await writeBlob(mirror, JSON.stringify(record))}`,
      `create refs/factory/pull/${number}/head ${headSha}`,
      `create refs/factory/claims/${branch} ${await writeBlob(mirror, String(number))}`,
    ]);
    if (done === null) return record;
    await lookAgain(attempt, done);
  }
}

/** Applies `change` to the record as it is now; `change` answers null when nothing is left to do. */
export async function changePullRequest(
  mirror: Mirror,
  number: number,
  change: (record: PullRequestRecord) => Partial<Pick<PullRequestRecord, 'state' | 'headSha' | 'mergedSha'>> | null,
): Promise<PullRequestRecord> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await readPullRequestRecord(mirror, number);
    if (!stored) throw pullRequestNotFound(number);
    const changes = change(stored.record);
    if (!changes) return stored.record;
    const record = { ...stored.record, ...changes };
    const commands = [
      `update refs/factory/pulls/${number} ${await writeBlob(mirror, JSON.stringify(record))} ${stored.blob}`,
      `update refs/factory/pull/${number}/head ${record.headSha}`,
    ];
    if (record.state === 'closed') commands.push(`delete refs/factory/claims/${record.branch}`);
    const done = await transact(mirror, commands);
    if (done === null) return record;
    await lookAgain(attempt, done);
  }
}

export function pullRequestNotFound(number: number): FactoryError {
  return new FactoryError('pull-request-not-found', `This repository has no pull request ${number}.`, {
    fix: 'Look the number up on the task; if the data folder was replaced, start the task again.',
  });
}

function ofSameTask(record: PullRequestRecord, draft: PullRequestDraft): PullRequestRecord {
  if (record.taskId === draft.taskId) return record;
  throw new FactoryError(
    'branch-taken',
    `Pull request ${record.number} of another task already uses the branch ${record.branch}.`,
    {
      fix: 'Start the task again, so that it gets a branch of its own.',
    },
  );
}

async function highestNumber(mirror: Mirror): Promise<number> {
  const listed = await mirror.text(['for-each-ref', '--format=%(refname)', 'refs/factory/pulls']);
  return listed
    .split('\n')
    .reduce((highest, ref) => Math.max(highest, Number(/^refs\/factory\/pulls\/(\d+)$/.exec(ref)?.[1] ?? 0)), 0);
}

async function readBlobAt(mirror: Mirror, ref: string): Promise<{ blob: string; text: string } | null> {
  const answer = await mirror.bytes(['cat-file', '--batch'], { input: `${ref}\n` });
  const lineEnd = answer.indexOf('\n');
  const [, blob, size] = /^([0-9a-f]{40}) blob (\d+)$/.exec(answer.subarray(0, lineEnd).toString('utf8')) ?? [];
  if (blob === undefined) return null;
  return { blob, text: answer.subarray(lineEnd + 1, lineEnd + 1 + Number(size)).toString('utf8') };
}

async function writeBlob(mirror: Mirror, text: string): Promise<string> {
  return (await mirror.text(['hash-object', '-w', '-t', 'blob', '--stdin'], { input: text })).trim();
}

/** Null when all commands took effect; else none did, and git's words say why. */
async function transact(mirror: Mirror, commands: readonly string[]): Promise<string | null> {
  const result = await mirror.run(['update-ref', '--stdin'], { input: `${commands.join('\n')}\n` });
  return result.exitCode === 0 ? null : result.stderr.trim();
}

async function lookAgain(attempt: number, said: string): Promise<void> {
  if (attempt >= MAX_TRIES) {
    throw new FactoryError(
      'pull-request-not-kept',
      `The pull request could not be kept: git said ${said.slice(0, 300)}.`,
      {
        fix: 'Check that the disk has room, then try again.',
        retryable: true,
      },
    );
  }
  await sleep(Math.random() * 20 * Math.min(attempt, 10));
}

import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { insert, update } from '../rows.ts';
import type { PullRequestRow } from '../rows.ts';
import { checkRuns, qaRows, stepRow, stepTiming, taskMoved } from './code-factory.ts';
import { revertChain, storyLeft, storyMerged } from './reverts.ts';

const ofStep = z.strictObject({ taskId: z.string(), runId: z.string(), attempt: z.int().min(1), timing: stepTiming });

function openRow(body: z.infer<typeof draftBody>, at: string, artifact: string | null): PullRequestRow {
  return {
    id: body.pullRequestId,
    taskId: body.taskId,
    repoId: body.repoId,
    number: body.number,
    url: body.url,
    state: 'open',
    baseSha: body.baseSha,
    headSha: body.headSha,
    diffHash: body.diffHash,
    bodyArtifact: artifact ?? '',
    openedAt: at,
    mergedSha: null,
    closedAt: null,
  };
}

/** Where people can already look, before they are asked for anything. */
const draftBody = z.strictObject({
  taskId: z.string(),
  pullRequestId: z.string(),
  repoId: z.string(),
  number: z.int(),
  url: z.string(),
  baseSha: z.string(),
  headSha: z.string(),
  diffHash: z.string(),
});

export const reviewEvents = {
  /** It is there, and checks of the forge's own run before anybody is asked. The artifact is the generated body. */
  'pull-request.drafted': defineEvent({
    version: 1,
    body: draftBody,
    rows: ({ body, at, artifact }) => [insert('pull_requests', openRow(body, at, artifact))],
  }),
  /** A person is asked to decide. The artifact is the generated body. */
  'pull-request.opened': defineEvent({
    version: 1,
    body: ofStep.extend({
      pullRequestId: z.string(),
      repoId: z.string(),
      number: z.int(),
      url: z.string(),
      isNew: z.boolean(),
      baseSha: z.string(),
      headSha: z.string(),
      diffHash: z.string(),
      waitsFor: z.string(),
      /** The only approver is the requester; the card says so. */
      solo: z.boolean(),
      /** What a reviewer should look at first: file names and facts. */
      lookAt: z.array(z.string()),
      /** How it will land; absent where nobody asked. */
      landsAs: z.enum(['merge', 'squash', 'rebase']).optional(),
      /** Absent from those of before it was judged. */
      risk: z.strictObject({ level: z.enum(['low', 'medium', 'high']), reasons: z.array(z.string()) }).optional(),
    }),
    rows: ({ body, at, artifact }) => [
      body.isNew
        ? insert('pull_requests', openRow(body, at, artifact))
        : update('pull_requests', body.pullRequestId, {
            baseSha: body.baseSha,
            headSha: body.headSha,
            diffHash: body.diffHash,
            bodyArtifact: artifact ?? '',
            // Another one is opened where a person closed the first.
            number: body.number,
            url: body.url,
            state: 'open',
            mergedSha: null,
            closedAt: null,
          }),
      taskMoved(body.taskId, at, {
        state: 'in-review',
        assigneeAgent: null,
        headSha: body.headSha,
        waitingKind: 'approval',
        waitingWho: body.waitsFor,
        waitingText: 'Approve, request changes or reject.',
      }),
      stepRow(body, at, 'open', 'tess', 'done', artifact),
    ],
  }),
  'approval.granted': defineEvent({
    version: 1,
    body: z.strictObject({
      approvalId: z.string(),
      taskId: z.string(),
      pullRequestId: z.string(),
      approver: z.string(),
      byRequester: z.boolean(),
      headSha: z.string(),
      diffHash: z.string(),
      expiresAt: z.string(),
      /** The forge's id of the review that said so; absent where the card's button did. */
      reviewId: z.string().optional(),
    }),
    rows: ({ body, at }) => [
      insert('approvals', {
        id: body.approvalId,
        taskId: body.taskId,
        pullRequestId: body.pullRequestId,
        action: 'merge',
        actor: body.approver,
        byRequester: body.byRequester,
        headSha: body.headSha,
        diffHash: body.diffHash,
        grantedAt: at,
        expiresAt: body.expiresAt,
        state: 'granted',
        reason: null,
      }),
      taskMoved(body.taskId, at, { state: 'approved', assigneeAgent: 'tess' }),
    ],
  }),
  /** The forge holds the approval as a review of the approver's own, of exactly the approved head. */
  'review.submitted': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      approvalId: z.string(),
      /** Forge and account, `github:ada`. */
      account: z.string(),
      reviewId: z.string(),
      headSha: z.string(),
    }),
    rows: () => [],
  }),
  /** The approver has an account there, and it cannot be used any more; the merge goes on without their review. */
  'review.missed': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      approvalId: z.string(),
      approver: z.string(),
      account: z.string(),
      /** `refused`: the forge takes the token no more. `unreadable`: it was sealed with another key. */
      reason: z.enum(['refused', 'unreadable']),
    }),
    rows: () => [],
  }),
  /** What was approved is not what would be merged. `next`: `built` checks the new head again, `checked` asks again. */
  'approval.voided': defineEvent({
    version: 1,
    body: z.strictObject({
      approvalId: z.string(),
      taskId: z.string(),
      reason: z.enum([
        'head-moved',
        'diff-changed',
        'expired',
        'rights-withdrawn',
        'review-withdrawn',
        'checks-failed',
        'merge-conflict',
      ]),
      next: z.enum(['built', 'checked']),
      headSha: z.string(),
    }),
    rows: ({ body, at }) => [
      update('approvals', body.approvalId, { state: 'voided', reason: body.reason }),
      taskMoved(body.taskId, at, {
        state: body.next,
        assigneeAgent: body.next === 'built' ? 'vera' : 'tess',
        headSha: body.headSha,
      }),
    ],
  }),
  /** Somebody pushed while checks ran or a person was asked: what was checked is not what stands there, so it is checked first. */
  'review.outdated': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), pullRequestId: z.string(), headSha: z.string() }),
    rows: ({ body, at }) => [
      taskMoved(body.taskId, at, { state: 'built', assigneeAgent: 'vera', headSha: body.headSha }),
    ],
  }),
  /** Somebody ended it on the forge while it was shown, with another head than the one shown where it was merged. */
  'pull-request.closed': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), pullRequestId: z.string(), mergedSha: z.string().nullable() }),
    rows: ({ body, at }) => [
      update('pull_requests', body.pullRequestId, {
        state: body.mergedSha === null ? 'closed' : 'merged',
        mergedSha: body.mergedSha,
        closedAt: at,
      }),
    ],
  }),
  /** Somebody opened it again. `built`: another head than the one that was checked. */
  'pull-request.reopened': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      pullRequestId: z.string(),
      headSha: z.string(),
      state: z.enum(['checked', 'built']),
    }),
    rows: ({ body, at }) => [
      update('pull_requests', body.pullRequestId, { state: 'open', closedAt: null }),
      taskMoved(body.taskId, at, {
        state: body.state,
        assigneeAgent: body.state === 'built' ? 'vera' : 'tess',
        headSha: body.headSha,
      }),
    ],
  }),
  /** Somebody merged exactly what was shown, on the forge and without an approval here. */
  'pull-request.merged-by-hand': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string(),
      pullRequestId: z.string(),
      storyId: z.string(),
      featureId: z.string(),
      /** Forge and account, `github:ada`; null: the forge does not say. */
      mergedBy: z.string().nullable(),
      mergedSha: z.string(),
      reverts: revertChain.optional(),
    }),
    rows: ({ body, at }) => [
      update('pull_requests', body.pullRequestId, { state: 'merged', mergedSha: body.mergedSha, closedAt: at }),
      taskMoved(body.taskId, at, { state: 'merged', assigneeAgent: null, mergedSha: body.mergedSha, endedAt: at }),
      update('work_runs', body.runId, { endedAt: at, outcome: 'merged' }),
      ...storyMerged(body),
      update('features', body.featureId, { status: 'done' }),
    ],
  }),
  /** The artifact is the comment. */
  'changes.requested': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      pullRequestId: z.string(),
      /** The forge's id of the review that asked; absent where the card's button did. */
      reviewId: z.string().optional(),
    }),
    rows: () => [],
  }),
  'pull-request.merged': defineEvent({
    version: 1,
    body: ofStep.extend({
      pullRequestId: z.string(),
      approvalId: z.string(),
      storyId: z.string(),
      featureId: z.string(),
      baseSha: z.string(),
      mergedSha: z.string(),
      /** Present when the base had moved and the checks ran again on the merge result. */
      checks: checkRuns.nullable(),
      reverts: revertChain.optional(),
    }),
    rows: ({ body, at }) => [
      update('pull_requests', body.pullRequestId, { state: 'merged', mergedSha: body.mergedSha, closedAt: at }),
      update('approvals', body.approvalId, { state: 'used' }),
      taskMoved(body.taskId, at, { state: 'merged', assigneeAgent: null, mergedSha: body.mergedSha, endedAt: at }),
      stepRow(body, at, 'merge', 'tess', 'done', null),
      ...(body.checks === null ? [] : qaRows(body, body.checks)),
      update('work_runs', body.runId, { endedAt: at, outcome: 'merged' }),
      ...storyMerged(body),
      update('features', body.featureId, { status: 'done' }),
    ],
  }),
  /** A person said no. The artifact is their reason, where they gave one. */
  'pull-request.rejected': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string(),
      pullRequestId: z.string(),
      storyId: z.string(),
      featureId: z.string(),
      reverts: revertChain.optional(),
    }),
    rows: ({ body, at }) => [
      update('pull_requests', body.pullRequestId, { state: 'closed', closedAt: at }),
      taskMoved(body.taskId, at, { state: 'rejected', assigneeAgent: null, endedAt: at }),
      update('work_runs', body.runId, { endedAt: at, outcome: 'rejected' }),
      ...storyLeft(body, 'rejected'),
      update('features', body.featureId, { status: 'rejected' }),
    ],
  }),
};

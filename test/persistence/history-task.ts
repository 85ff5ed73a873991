import type { ArtifactKind } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { draft } from './support.ts';

export type Name = (name: string) => string;
export type Record_ = (stream: string, ...drafts: EventDraft[]) => Promise<unknown>;
export type RecordWith = (
  stream: string,
  kind: ArtifactKind,
  content: unknown,
  fact: (hash: string) => EventDraft,
) => Promise<unknown>;

export const ofTask = (id: Name, task: string, attempt = 1) => ({
  taskId: id(task),
  runId: id(`${task}-r`),
  attempt,
  timing: { startedAt: `2026-11-20T08:00:0${attempt}.250Z`, durationMs: 12.75 },
});
export const run = (id: Name, task: string) => ({
  taskId: id(task),
  runId: id(`${task}-r`),
  agent: 'tess',
  actor: 'persona:tess',
});
const checks = (phase: 'baseline' | 'head' | 'merge-result', sha: string) => ({
  phase,
  sha,
  runs: [
    { name: 'unit', exitCode: 0, durationMs: 1.5, passed: 12, failed: 0 },
    { name: 'slow', exitCode: null, durationMs: 900, passed: null, failed: null },
  ],
});

export function opened(id: Name, task: string, number: number, isNew = true, headSha = 'b2'): EventDraft {
  const { timing, ...step } = ofTask(id, task);
  return draft(
    'pull-request.opened',
    {
      ...step,
      timing: { ...timing, startedAt: `2026-11-20T08:30:00.${headSha === 'b2' ? '000' : '500'}Z` },
      pullRequestId: id(`${task}-pr`),
      repoId: id('repo'),
      number,
      url: `/pulls/${number}`,
      isNew,
      baseSha: 'a1',
      headSha,
      diffHash: 'd1',
      waitsFor: 'ada',
      solo: true,
      landsAs: 'squash',
      lookAt: ['src/search.ts'],
      risk: { level: 'medium', reasons: ['was checked by nothing'] },
    },
    run(id, task),
  );
}

function drafted(id: Name, task: string, number: number): EventDraft {
  const [repoId, pullRequestId] = [id('repo'), id(`${task}-pr`)];
  const body = { taskId: id(task), pullRequestId, repoId, number, url: `/pulls/${number}` };
  return draft('pull-request.drafted', { ...body, baseSha: 'a1', headSha: 'b1', diffHash: 'd0' }, run(id, task));
}

/** What people do to a pull request on its forge: they close it (another is opened), push to it, and merge it. */
export function byHand(id: Name, task: string): EventDraft[] {
  const [taskId, pullRequestId] = [id(task), id(`${task}-pr`)];
  const of = { runId: id(`${task}-r`), storyId: id('s-export'), featureId: id('f-export') };
  const merged = { ...of, taskId, pullRequestId, mergedBy: 'github:ada', mergedSha: 'm2' };
  return [
    draft('pull-request.closed', { taskId, pullRequestId, mergedSha: null }, run(id, task)),
    draft('pull-request.reopened', { taskId, pullRequestId, headSha: 'b1', state: 'checked' }, run(id, task)),
    draft('pull-request.closed', { taskId, pullRequestId, mergedSha: null }, run(id, task)),
    opened(id, task, 5, false, 'b4'),
    draft('review.outdated', { taskId, pullRequestId, headSha: 'b5' }, run(id, task)),
    draft('pull-request.merged-by-hand', merged, run(id, task)),
  ];
}

/** A task that is merged after a failed check, a block and a voided approval. */
export async function writeMergedTask(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
  const stream = `task:${id('t1')}`;
  const step = ofTask(id, 't1');
  const mine = run(id, 't1');
  const packet = (fact: EventDraft, content: unknown = { about: word, type: fact.type }) =>
    recordWith(stream, 'packet', content, () => fact);
  await record(
    stream,
    draft('task.waiting', { taskId: id('t1'), kind: 'sandbox', who: 'local', text: 'The sandbox is missing.' }, mine),
    draft('task.paused', { taskId: id('t1') }, mine),
    draft('task.resumed', { taskId: id('t1') }, mine),
    draft('task.claimed', { ...step, runNumber: 1 }, mine),
    draft(
      'branch.created',
      { ...step, branchId: id('t1-b'), repoId: id('repo'), name: 'factory/1-search', baseSha: 'a1' },
      mine,
    ),
  );
  await packet(draft('assignment.dispatched', step, mine));
  await packet(draft('scope.clarified', step, mine));
  await packet(draft('plan.generated', step, mine));
  await packet(
    draft('behaviour.locked', { ...step, testsSha: 'a2', redOnBase: true, baseline: checks('baseline', 'a1') }, mine),
  );
  const built = { commits: [{ sha: 'b1', title: `Search ${word}` }] };
  await packet(draft('code.generated', { ...step, branchId: id('t1-b'), headSha: 'b1' }, mine), built);
  const proofs = (state: string) => ({
    proofs: ['c1', 'c9'].map((criterionId) => ({ criterionId, state, test: 'finds' })),
  });
  await packet(
    draft('qa.failed', { ...step, featureId: id('f-search'), outcome: 'failed', checks: checks('head', 'b1') }, mine),
    proofs('failed'),
  );
  await record(stream, draft('retry.scheduled', { taskId: id('t1'), runId: id('t1-r'), attempt: 2 }, mine));
  await packet(
    draft(
      'task.blocked',
      { taskId: id('t1'), runId: id('t1-r'), code: 'no-code', waitsFor: 'ada', approvalId: null },
      mine,
    ),
    {
      reason: `Missing ${word}`,
    },
  );
  await record(
    stream,
    draft('task.retried', { taskId: id('t1'), runId: id('t1-r'), attempt: 2, state: 'branched' }, mine),
  );
  const second = ofTask(id, 't1', 2);
  await packet(
    draft('qa.passed', { ...second, featureId: id('f-search'), outcome: 'passed', checks: checks('head', 'b2') }, mine),
    proofs('proven'),
  );
  await recordWith(stream, 'pull-request-body', `# ${id('t1')}`, () => drafted(id, 't1', 1));
  await recordWith(stream, 'pull-request-body', `# ${id('t1')}`, () => opened(id, 't1', 1, false));
  const approval = (approvalId: string, headSha: string) =>
    draft(
      'approval.granted',
      {
        approvalId,
        taskId: id('t1'),
        pullRequestId: id('t1-pr'),
        approver: 'ada',
        byRequester: true,
        headSha,
        diffHash: 'd1',
        expiresAt: '2026-11-23T09:00:00.000Z',
      },
      { ...mine, actor: 'ada' },
    );
  await record(
    stream,
    approval(id('ap1'), 'b2'),
    draft(
      'approval.voided',
      { approvalId: id('ap1'), taskId: id('t1'), reason: 'head-moved', next: 'checked', headSha: 'b3' },
      mine,
    ),
  );
  await recordWith(stream, 'pull-request-body', `# again ${id('t1')}`, () => opened(id, 't1', 1, false, 'b3'));
  await record(
    stream,
    approval(id('ap2'), 'b3'),
    draft(
      'review.missed',
      { taskId: id('t1'), approvalId: id('ap2'), approver: 'ada', account: 'github:ada', reason: 'refused' },
      mine,
    ),
    draft(
      'review.submitted',
      { taskId: id('t1'), approvalId: id('ap2'), account: 'github:ada', reviewId: '81', headSha: 'b3' },
      mine,
    ),
    draft(
      'pull-request.merged',
      {
        ...second,
        pullRequestId: id('t1-pr'),
        approvalId: id('ap2'),
        storyId: id('s-search'),
        featureId: id('f-search'),
        baseSha: 'a1',
        mergedSha: 'm1',
        checks: checks('merge-result', 'm1'),
      },
      mine,
    ),
  );
  await recordWith(stream, 'memory-note', 'Remember the café.', () =>
    draft('memory.noted', { taskId: id('t1'), runId: id('t1-r') }, mine),
  );
}

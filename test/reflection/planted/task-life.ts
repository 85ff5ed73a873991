import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import type { createPlantedLedger } from './ledger.ts';

/** How one task of a planted ledger goes. Times in ms. */
export interface TaskPlan {
  number: number;
  projectId: string;
  repoId: string;
  committedAtMs: number;
  ideaMs: number;
  /** How long each step works; what is not named takes a second. */
  workMs: Partial<Record<'scope' | 'plan' | 'lock' | 'build' | 'check', number>>;
  /** How long each step is due before it begins. */
  queueMs: number;
  /** Findings of each verdict that fails, before the one that passes. */
  failures: { check: string; test: string | null; text: string }[][];
  /** Files that its plan names; without any its plan is not kept. */
  paths?: string[];
  /** Lessons that the model of its build was given; left out, no model was asked. */
  lessonIds?: string[];
  reviewMs: number;
  begunBy?: 'label';
  end: 'merged' | 'rejected' | 'cancelled';
}

type Add = ReturnType<typeof createPlantedLedger>['add'];

const SECOND_MS = 1_000;
const sha = 'a'.repeat(40);

/** Writes a task's whole life, from the first word to its end. */
export function writeTask(add: Add, plan: TaskPlan): void {
  const { number, projectId, repoId, queueMs } = plan;
  const taskId = `${projectId}-task-${number}`;
  const [conversationId, runId, storyId, featureId] = ['idea', 'run', 'story', 'feature'].map(
    (kind) => `${kind}-${taskId}`,
  ) as [string, string, string, string];
  const [branchId, pullRequestId, approvalId] = [`branch-${taskId}`, `pr-${taskId}`, `yes-${taskId}`];
  let now = plan.committedAtMs;
  let attempt = 1;
  const step = <T extends EventType>(
    type: T,
    workMs: number,
    body: object,
    options: { content?: unknown } = {},
  ): void => {
    const startedAt = new Date(now + queueMs).toISOString();
    now += queueMs + workMs;
    const timed = { taskId, runId, attempt, timing: { startedAt, durationMs: workMs }, ...body };
    add({ type, at: now, body: timed as unknown as EventBodies[T], ...options });
  };
  const fact = <T extends EventType>(type: T, body: EventBodies[T], actor?: string): void => {
    add({ type, at: now, body, ...(actor === undefined ? {} : { actor }) });
  };
  const work = (name: keyof TaskPlan['workMs']): number => plan.workMs[name] ?? SECOND_MS;
  const checks = {
    phase: 'head' as const,
    sha,
    runs: [{ name: 'test', exitCode: 0, durationMs: 1, passed: 1, failed: 0 }],
  };

  const from = { conversationId, projectId, source: 'text', messageCount: 1, contentHash: '' };
  add({ type: 'conversation.ingested', at: now - plan.ideaMs, body: from, actor: 'local' });
  const storyRef = { storyId, epicId: `epic-${taskId}`, key: 'a', isNew: true, isBack: false, draftArtifact: '' };
  fact('stories.written', { projectId, conversationId, epics: [], stories: [storyRef], others: [], removed: [] });
  const committed = { taskId, projectId, conversationId, storyId, featureId, repoId, number, points: 1, dependsOn: [] };
  const begun = plan.begunBy === undefined ? {} : { begunBy: plan.begunBy };
  fact('story.committed', { ...committed, sprintId: 'sprint', requester: 'local', ...begun }, 'local');
  fact('pass.started', { taskId, fence: 1 });
  step('task.claimed', SECOND_MS, { runNumber: 1 });
  step('branch.created', SECOND_MS, { branchId, repoId, name: `factory/${number}`, baseSha: sha });
  step('assignment.dispatched', SECOND_MS, {});
  step('scope.clarified', work('scope'), {});
  const targets = plan.paths?.map((path) => ({ path }));
  step('plan.generated', work('plan'), {}, targets === undefined ? {} : { content: { fileTargets: targets } });
  step('behaviour.locked', work('lock'), { testsSha: null, redOnBase: null, baseline: null });
  const { lessonIds = [] } = plan;
  if (plan.lessonIds !== undefined) {
    const [step, persona] = ['build', 'ollan'];
    const call = { callId: `call-${taskId}`, stepKey: `${runId}/1/build`, model: 'scripted', ordinal: 0, toolMs: 0 };
    const day = new Date(now).toISOString().slice(0, 10);
    const spent = { reservedTokens: 0, reservedMicroUsd: 0 };
    fact('model.asked', { ...call, projectId, conversationId, taskId, attempt, step, persona, day, ...spent });
  }
  if (lessonIds.length > 0)
    fact('lesson.used', { taskId, runId, attempt, step: 'build', persona: 'ollan', lessonIds }, 'persona:ollan');
  step('code.generated', work('build'), { branchId, headSha: sha });
  for (const findings of plan.failures) {
    step('qa.failed', work('check'), { featureId, outcome: 'failed', checks }, { content: { findings } });
    attempt += 1;
    fact('retry.scheduled', { taskId, runId, attempt });
    step('code.generated', work('build'), { branchId, headSha: sha });
  }
  step('qa.passed', work('check'), { featureId, outcome: 'passed', checks });
  if (plan.end === 'cancelled') {
    fact('task.cancelled', { taskId, runId, storyId, pullRequestId: null, approvalId: null }, 'local');
    return;
  }
  const shown = { pullRequestId, repoId, number, url: `https://forge.example/${number}`, baseSha: sha, headSha: sha };
  const asked = { isNew: true, diffHash: 'd', waitsFor: 'local', solo: true, lookAt: [] };
  step('pull-request.opened', SECOND_MS, { ...shown, ...asked });
  now += plan.reviewMs;
  if (plan.end === 'rejected') {
    fact('pull-request.rejected', { taskId, runId, pullRequestId, storyId, featureId }, 'local');
    return;
  }
  const expiresAt = new Date(now + 1).toISOString();
  const granted = {
    approvalId,
    taskId,
    pullRequestId,
    approver: 'local',
    byRequester: true,
    headSha: sha,
    diffHash: 'd',
    expiresAt,
  };
  fact('approval.granted', granted, 'local');
  step('pull-request.merged', SECOND_MS, {
    pullRequestId,
    approvalId,
    storyId,
    featureId,
    baseSha: sha,
    mergedSha: sha,
    checks: null,
  });
}

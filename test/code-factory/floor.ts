import type { Step, StepContext, Steps } from '#src/code-factory/step.ts';
import { runPass } from '#src/code-factory/run-pass.ts';
import type { PassDependencies } from '#src/code-factory/run-pass.ts';
import { decideOnTask } from '#src/code-factory/control-task.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Clock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { randomUUID } from 'node:crypto';
import { draft } from '#test/persistence/support.ts';
import { DIFF, HEAD, reviewStepCommands, stepCommands, stepMeta } from './life.ts';

/** A project with tasks on the real store, and steps that only say what they were asked. */
export const LANE = 'test';

export const brief = (title: string) => ({
  title,
  narrative: 'As a visitor I want a greeting.',
  points: 3,
  conversationId: 'talk',
  conversationTitle: 'A greeting',
  evidence: [0],
  criteria: [
    { id: 'c1', text: 'It greets by name.', given: [], when: ['it is called'], then: ['it greets'], evidence: [0] },
  ],
  gherkin: 'Feature: greet\n  Scenario: c1\n    When it is called\n    Then it greets\n',
  constraints: [],
  openQuestions: [],
  speakers: { '0': 'You', '1': 'ChatGPT' },
  changeSet: {
    key: 'change',
    requestPosition: 0,
    acceptance: 'accepted' as const,
    acceptedBy: null,
    edits: [
      { path: 'src/greet.js', kind: 'file' as const, content: 'export const greet = 1;\n', position: 1, isTest: false },
      { path: 'test/greet.test.js', kind: 'file' as const, content: 'test();\n', position: 1, isTest: true },
    ],
    leftOut: [],
  },
});

export interface Project {
  projectId: string;
  /** Commits one more story; answers its task's id. */
  commit(options?: { dependsOn?: readonly string[]; requester?: string; title?: string }): Promise<string>;
}

export async function createProject(unitOfWork: UnitOfWork, path = '/srv/greetings'): Promise<Project> {
  const projectId = randomUUID();
  const id = (name: string) => `${projectId}-${name}`;
  await unitOfWork.transact(async (transaction) => {
    transaction.append(`project:${projectId}`, 0, [
      draft('project.created', { projectId, slug: projectId, name: 'Greetings' }),
      draft('repository.bound', {
        repoId: id('repo'),
        projectId,
        forge: path.startsWith('github:') ? 'github' : 'local',
        path,
        baseBranch: 'main',
      }),
    ]);
    const goal = jsonArtifact('sprint-goal', { goal: 'Greet' });
    transaction.putArtifact(goal);
    const sprint = {
      sprintId: id('sprint'),
      projectId,
      number: 1,
      startsAt: '2026-11-20T09:00:00.000Z',
      endsAt: '2026-12-04T09:00:00.000Z',
    };
    transaction.append(`sprint:${id('sprint')}`, 0, [draft('sprint.started', sprint, { artifact: goal.hash })]);
  });
  let number = 0;
  return {
    projectId,
    async commit({ dependsOn = [], requester = 'ada', title } = {}) {
      number += 1;
      const taskId = randomUUID();
      const storyId = id(`story-${number}`);
      const key = `story-${number}`;
      const map = jsonArtifact('story-map', {
        epics: [{ key: 'greet', title: 'Greet' }],
        stories: [
          {
            key,
            title: `Greet ${number}`,
            narrative: '',
            priority: 'must',
            points: 3,
            evidence: [0],
            dependsOn: [],
            hasChangeSet: true,
          },
        ],
      });
      const kept = jsonArtifact('task-brief', brief(title ?? `Greet ${number}`));
      await unitOfWork.transact(async (transaction) => {
        transaction.putArtifact(map);
        transaction.putArtifact(kept);
        const { length } = await transaction.events(`stories:${projectId}`);
        const epics = [{ epicId: id('epic'), key: 'greet', isNew: length === 0 }];
        const stories = [
          { storyId, epicId: id('epic'), key, isNew: true, isBack: false, draftArtifact: 'd'.repeat(64) },
        ];
        transaction.append(`stories:${projectId}`, length, [
          draft(
            'stories.written',
            { projectId, conversationId: id('talk'), epics, stories, others: [], removed: [] },
            { artifact: map.hash },
          ),
        ]);
        const body = {
          taskId,
          projectId,
          conversationId: id('talk'),
          storyId,
          sprintId: id('sprint'),
          featureId: id(`feature-${number}`),
          repoId: id('repo'),
          number,
          points: 3,
          dependsOn: [...dependsOn],
          requester,
        };
        transaction.append(`task:${taskId}`, 0, [
          draft('story.committed', body, { artifact: kept.hash, taskId, actor: requester }),
        ]);
      });
      return taskId;
    },
  };
}

/** What one step does in a test in place of its own work. */
export type Stunt = (context: StepContext, done: () => ReturnType<Step>) => ReturnType<Step>;

/** The whole line with nothing behind it. `calls` says which steps were begun, in order. */
export function createFakeLine(stunts: Partial<Record<StepName, Stunt>> = {}): { steps: Steps; calls: StepName[] } {
  const calls: StepName[] = [];
  const packet = (name: string, context: StepContext): Artifact =>
    jsonArtifact('packet', { name, taskId: context.task.taskId, attempt: context.task.attempt });
  const withPacket =
    (
      name: StepName,
      command: 'record-assignment' | 'record-scope' | 'record-plan' | 'record-lock' | 'record-build' | 'record-verdict',
    ): Step =>
    async (context) => {
      const artifact = packet(name, context);
      return {
        artifacts: [artifact],
        decide: (task, step, meta) =>
          decideStep({ ...stepCommands[command], artifact: artifact.hash }, task, step, meta),
      };
    };
  const line: Steps = {
    claim: async () => {
      const runId = randomUUID();
      return { artifacts: [], decide: (task, step, meta) => decideStep({ type: 'claim', runId }, task, step, meta) };
    },
    branch: async () => {
      const branchId = randomUUID();
      const command = { ...stepCommands['record-branch'], branchId };
      return { artifacts: [], decide: (task, step, meta) => decideStep(command, task, step, meta) };
    },
    assign: withPacket('assign', 'record-assignment'),
    scope: withPacket('scope', 'record-scope'),
    plan: withPacket('plan', 'record-plan'),
    lock: withPacket('lock', 'record-lock'),
    build: withPacket('build', 'record-build'),
    check: withPacket('check', 'record-verdict'),
    open: async (context) => {
      const body = packet('open', context);
      const pullRequestId = context.task.pullRequest?.pullRequestId ?? randomUUID();
      const { number } = context.task;
      const command = { ...reviewStepCommands['record-pull-request'], pullRequestId, number, artifact: body.hash };
      return { artifacts: [body], decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
    },
    merge: async (context) => {
      const note = packet('merge', context);
      const command = { ...reviewStepCommands['record-merge'], memoryNote: note.hash };
      return { artifacts: [note], decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
    },
  };
  const watched = Object.entries(line).map(([key, step]): [string, Step] => {
    const name = key as StepName;
    return [
      name,
      (context) => {
        calls.push(name);
        const stunt = stunts[name];
        return stunt === undefined ? step(context) : stunt(context, () => step(context));
      },
    ];
  });
  return { steps: Object.fromEntries(watched) as Steps, calls };
}

export function passOn(
  unitOfWork: UnitOfWork,
  steps: Steps,
  rest: Partial<PassDependencies> = {},
): (taskId: string) => ReturnType<typeof runPass> {
  const clock = { now: () => new Date() };
  const dependencies = {
    unitOfWork,
    steps,
    clock,
    log: silentLog,
    lane: LANE,
    shutdown: new AbortController().signal,
    ...rest,
  };
  return (taskId) => runPass(taskId, dependencies);
}

/** What the review card of the fake line shows. */
export const SHOWN = { headSha: HEAD, diffHash: DIFF };

/** Somebody closed its pull request on the forge, or merged something else (`mergedSha`), and it was seen. */
export async function closeByHand(
  unitOfWork: UnitOfWork,
  taskId: string,
  { mergedSha = null, clock = systemClock }: { mergedSha?: string | null; clock?: Clock } = {},
): Promise<void> {
  const blocker = jsonArtifact('packet', { reason: 'Somebody closed it.' });
  const command = { ...reviewStepCommands['record-close'], mergedSha, artifact: blocker.hash };
  await decideOnTask(
    { unitOfWork, clock },
    {
      taskId,
      actor: 'factory',
      lane: 'elsewhere',
      artifacts: [blocker],
      decide: (task, meta) => decideReviewStep(command, task, stepMeta(task.fence), meta),
    },
  );
}

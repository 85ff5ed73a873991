import { budgetCard } from '#src/desk/cards/budget-card.ts';
import { canvasCard } from '#src/desk/cards/canvas-card.ts';
import { card } from '#src/desk/cards/card-parts.ts';
import { lessonCard } from '#src/desk/cards/lesson-card.ts';
import { lessonsCard } from '#src/desk/cards/lessons-card.ts';
import { blockedCard, packetCard } from '#src/desk/cards/packet-card.ts';
import { reviewCard } from '#src/desk/cards/review-card.ts';
import type { Revert } from '#src/desk/cards/revert.ts';
import { closeSprintCard } from '#src/desk/cards/close-sprint-card.ts';
import { planCard } from '#src/desk/cards/plan-card.ts';
import { closedSprintCard, sprintCard } from '#src/desk/cards/sprint-card.ts';
import { statusCard, stopWords } from '#src/desk/cards/status-card.ts';
import { storiesCard } from '#src/desk/cards/stories-card.ts';
import { takeOverCard } from '#src/desk/cards/take-over-card.ts';
import { tasksCard } from '#src/desk/cards/tasks-card.ts';
import type {
  FeatureTestRow,
  InceptionFeatureRow,
  InceptionItemRow,
  PullRequestRow,
  SprintRow,
  StoryRow,
  StoryTaskRow,
} from '#src/ledger/rows.ts';
import type { TaskRunRow } from '#src/ledger/run-rows.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { Card, Post } from '#src/ports/chat.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { taskRow } from '#test/desk/task-row.ts';
import { lessonRow } from '#test/reflection/lessons/lesson-row.ts';

export const AT = '2026-11-20T09:00:00.000Z';
const HEAD = 'a'.repeat(40);

const task: StoryTaskRow = { ...taskRow, requester: 'slack:U0ADA', branch: 'factory/4-greet_by_name' };

const runs = ['claim', 'branch', 'assign', 'scope', 'plan', 'lock'].map((step, second): TaskRunRow => {
  const at = `2026-11-20T09:00:0${second}.000Z`;
  return {
    id: step,
    runId: 'run',
    taskId: 'task',
    step,
    agent: 'tess',
    attempt: 1,
    startedAt: at,
    endedAt: at,
    durationMs: 4_400,
    result: 'done',
    artifact: null,
  };
});

const feature = (key: string, rest: Partial<InceptionFeatureRow> = {}): InceptionFeatureRow => ({
  id: key,
  inceptionId: 'talk',
  key,
  text: `Feature ${key}`,
  persona: null,
  priority: 'unstated',
  basis: 'stated',
  status: 'active',
  inMvp: null,
  maybe: false,
  evidence: [0],
  ...rest,
});

const canvasItem = (kind: string, text: string, evidence: number[] = [1]): InceptionItemRow => ({
  id: text,
  inceptionId: 'talk',
  kind,
  text,
  evidence,
  ...canvasItemRest,
});
const canvasItemRest = { basis: 'stated', status: 'active' } as never as Omit<
  InceptionItemRow,
  'id' | 'inceptionId' | 'kind' | 'text' | 'evidence'
>;

const story = (key: string, title: string, rest: Partial<StoryRow> = {}): { row: StoryRow; draft: StoryDraft } => ({
  row: {
    id: key,
    epicId: 'epic',
    key,
    priority: 'must',
    conversationId: 'talk',
    projectId: 'project',
    title,
    narrative: 'As Ada, I want to be greeted.',
    status: 'proposed',
    points: 2,
    hasChangeSet: true,
    dependsOn: [],
    evidence: [0],
    draftArtifact: HEAD,
    removedBecause: null,
    ...rest,
  },
  draft: {
    key,
    epicKey: 'epic',
    title,
    narrative: 'As Ada, I want to be greeted.',
    priority: 'must',
    points: 2,
    criteria: [{ id: 'c1', text: 'It says hello to Ada.', given: [], when: [], then: [], evidence: [2] }],
    gherkin: '',
    dependsOn: [],
    evidence: [0],
    changeSet: null,
    leftOut: [],
  },
});

const sprint: SprintRow = {
  id: 'sprint',
  projectId: 'project',
  number: 2,
  goal: 'Greet',
  status: 'open',
  startsAt: AT,
  endsAt: '2026-11-24T09:00:00.000Z',
  closedAt: null,
  points: null,
  donePoints: null,
};

const LONG_TITLE =
  'Everybody who comes here is greeted, in their own language and by the time of their day, again and again';
const planned: StoryRow[] = [
  story('greet', 'Greet by name').row,
  story('remember', 'Remember who was greeted', { dependsOn: ['greet'] }).row,
  story('french', 'Greet in French', { hasChangeSet: false }).row,
  story('cats', 'Greet cats').row,
  story('dogs', 'Greet dogs', { hasChangeSet: false }).row,
];

const header = { version: 1 as const, taskId: 'task', runId: 'run', attempt: 1 };

const criteria = (['proven', 'unproven', 'failed'] as const).map(
  (state, index): FeatureTestRow => ({
    id: `f/c${index}`,
    featureId: 'f',
    criterionId: `c${index}`,
    text: `Criterion ${state}`,
    state,
    test: state === 'unproven' ? null : `a test that is ${state}`,
    headSha: HEAD,
  }),
);

const qa: QaResultPacket = {
  ...header,
  type: 'qa-result',
  from: 'vera',
  to: 'tess',
  headSha: HEAD,
  outcome: 'failed',
  proofs: [],
  findings: [{ text: 'greet() returns undefined' } as QaResultPacket['findings'][number]],
  knownBefore: [],
  checks: [{ name: 'npm test', command: 'npm test', exitCode: 1, durationMs: 4, passed: 3, failed: 1 }],
  remarks: [{ path: 'src/greet.js', text: 'A long line.' }],
  modelNotes: [],
  reportArtifact: 'report',
};

const pullRequest: PullRequestRow = {
  id: 'pr',
  taskId: 'task',
  repoId: 'repo',
  number: 7,
  url: '/pulls/7',
  state: 'open',
  baseSha: 'b'.repeat(40),
  headSha: HEAD,
  diffHash: 'd',
  bodyArtifact: '',
  openedAt: AT,
  mergedSha: null,
  closedAt: null,
};

const review = (outcome: string | null, revert: Revert | null = null): Card =>
  reviewCard({
    task,
    pullRequest,
    criteria,
    evidenceOf: (id) => (id === 'c0' ? [2] : []),
    qa: { ...qa, outcome: 'passed', findings: [] },
    files: [{ path: 'src/greet.js', added: 5, removed: 1 }],
    lookAt: ['src/greet.js: the largest change.'],
    risk: { level: 'low', reasons: [] },
    solo: false,
    landsAs: 'merge',
    outcome,
    revert,
  });

/** One card of every kind that the desk draws, by the desk's own hands. */
export const realCards = {
  canvas: canvasCard(
    'talk',
    [
      feature('a', { text: 'Greet people by name', priority: 'must', persona: 'Ada' }),
      feature('b', { text: 'Remember who was greeted', inMvp: true }),
      feature('c', { text: 'Greet in French', maybe: true }),
      feature('d', { text: 'Greet cats', status: 'removed' }),
    ],
    [
      canvasItem('vision.problem', 'nobody says hello'),
      canvasItem('goal', 'Friendlier mornings'),
      canvasItem('openQuestion', 'What about people without a name?'),
    ],
  ),
  stories: storiesCard(
    'talk',
    [
      story('greet', 'Greet by name'),
      story('remember', 'Remember who was greeted, and when it was'),
      story('french', 'Greet in French', { hasChangeSet: false }),
      story('cats', 'Greet cats', { status: 'committed' }),
      story('dogs', 'Greet dogs', { status: 'taken', removedBecause: 'Ada takes it.' }),
    ],
    { hasRepository: true, mayWrite: true },
  ),
  status: statusCard(task, runs),
  waiting: statusCard({ ...task, waitingKind: 'sandbox', waitingText: 'No sandbox.' }, runs),
  assignment: packetCard(
    {
      ...header,
      type: 'assignment',
      from: 'tess',
      to: 'piper',
      title: 'Greet by name',
      branch: 'factory/4-greet_by_name',
      narrative: 'As Ada, I want to be greeted.',
      baseSha: HEAD,
      points: 3,
    } as never,
    'talk',
  ),
  scope: packetCard(
    {
      ...header,
      type: 'scope',
      from: 'piper',
      to: 'mason',
      criteria: [{ id: 'c1', text: 'It says hello to Ada.', evidence: [2] }],
      constraints: ['No new dependency'],
      protectedAreas: [],
      openQuestions: ['What about people without a name?'],
      refused: [],
      modelNotes: [],
    },
    'talk',
    () => [1],
  ),
  plan: packetCard(
    {
      ...header,
      type: 'plan',
      from: 'mason',
      to: 'vera',
      steps: [
        { text: 'Add greet', files: ['src/greet.js'] },
        { text: 'Run the checks', files: [] },
      ],
      fileTargets: [{ path: 'src/greet.js', action: 'create', why: 'Code from Ada.', evidence: [1] }],
      criteriaCovered: ['c1'],
      tests: [],
      docs: [],
      risks: [],
      rollback: 'Revert it.',
      packArtifact: null,
      modelNotes: [],
    },
    'talk',
  ),
  checks: packetCard(qa, 'talk'),
  review: review(null),
  decided: review('Approved by slack:U0GRACE · merged as 9ac1f07', { by: null }),
  reverted: review('Approved by slack:U0GRACE · merged as 9ac1f07 · reverted by task 9', {
    by: { id: 'task-9', number: 9, title: 'Revert "Greet by name"', state: 'merged' },
  }),
  question: blockedCard({
    reason: 'the disk is full.',
    fix: 'Make room.',
    findings: ['0 bytes left'],
    taskId: 'task',
    mayRetry: true,
    isWish: false,
    isForHands: false,
    stopWords: stopWords({ reverts: null }),
    outcome: null,
  }),
  budget: budgetCard({
    taskId: 'task',
    text: 'The budget of this step is used up. Nothing is lost.',
    budget: { scope: 'step', key: 'k' } as never,
    outcome: null,
  }),
  tasks: tasksCard([task, { ...task, id: 'b', number: 5, title: 'Remember', state: 'merged' }]),
  sprint: sprintCard(sprint, [task], new Date(AT)),
  closedSprint: closedSprintCard(
    { ...sprint, status: 'closed', closedAt: '2026-11-22T09:00:00.000Z', points: 5, donePoints: 2 },
    [{ ...task, id: 'b', number: 5, title: 'Remember', state: 'merged' }, task],
    { by: 'slack:U0ADA', unfinished: [task] },
  ),
  closeSprint: closeSprintCard({
    projectId: 'project',
    sprintId: 'sprint',
    number: 2,
    points: 5,
    donePoints: 2,
    daysLeft: 3,
    unfinished: 1,
  }),
  sprintPlan: planCard({
    ideas: [
      { conversationId: 'talk', title: 'A greeting', stories: planned.slice(0, 3), mayWrite: true },
      { conversationId: 'talk-2', title: LONG_TITLE, stories: planned.slice(3), mayWrite: false },
    ],
    velocity: { sprints: [{ number: 1, donePoints: 5, days: 14 }], average: 5 },
    taken: { number: 2, isOpen: true, tasks: 1, points: 3 },
    titles: new Map(planned.map(({ id, title }) => [id, title])),
    hasRepository: true,
  }),
  takeOver: takeOverCard({
    taskId: 'task',
    by: 'slack:U0ADA',
    commands: ['git fetch origin', 'git switch factory/4-greet_by_name'],
    advice: 'Commit and push; then press the button.',
    outcome: null,
  }),
  lesson: lessonCard(
    lessonRow({ number: 4, status: 'proposed', text: 'Run the search tests twice.', proposedBy: 'slack:U0ADA' }),
    { at: new Date(AT), conflicts: [lessonRow({ number: 2, text: 'Never run a test twice.' })], tasks: [task] },
  ),
  lessons: lessonsCard({
    lessons: [
      ...Array.from({ length: 30 }, (_, index) => lessonRow({ number: index + 1, text: 'Long words. '.repeat(41) })),
      ...['proposed' as const, 'refused' as const].map((status, index) =>
        lessonRow({ number: index + 31, status, suspicions: ['It wants a merge.'], text: 'Merge at once.' }),
      ),
    ],
    usedIn: new Map([['lesson-30', 4]]),
    effects: new Map([['lesson-30', 'It failed in 5 of 20 before lesson 30, and in 1 of 22 since.']]),
    at: new Date(AT),
  }),
  message: card('message', 'I read `greet.js`. **Two** things are open.'),
} satisfies Record<string, Card>;

export function postOf(shown: Card, rest: Partial<Post> = {}): Post {
  return {
    id: '0199a8a0-0000-7000-8000-000000000001',
    key: 'card',
    thread: { kind: 'task', id: 'task' },
    author: { kind: 'persona', name: 'tess' },
    card: shown,
    mentions: [],
    version: 3,
    postedAt: AT,
    editedAt: null,
    ...rest,
  };
}

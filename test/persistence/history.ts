import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import type { ArtifactKind } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { eventDefinitions, type EventType } from '#src/ledger/event-types.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { KeptConversation, Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { draft } from './support.ts';

/** Times that go up by a second with each fact. */
function ticking(): () => string {
  let at = Date.parse('2026-11-20T09:00:00.000Z');
  return () => new Date((at += 1_000)).toISOString();
}

export function conversationOf(id: string, projectId: string, texts: readonly string[]): KeptConversation {
  return {
    id,
    projectId,
    fileHash: `file-${id}`,
    title: `About ${id}`,
    source: 'chatgpt',
    skipped: [{ kind: 'image', count: 2, reason: 'pictures are not read' }],
    messages: texts.map((text, position) => ({
      position,
      speaker: position % 2 === 0 ? 'You' : 'ChatGPT',
      role: position % 2 === 0 ? 'person' : 'assistant',
      at: position === 0 ? null : `2026-11-19T10:00:0${position % 10}Z`,
      text,
      originId: `${id}-${position}`,
    })),
  };
}

export const canvasContent = (word: string) => ({
  vision: {
    product: { value: `A ${word} finder`, basis: 'stated', evidence: [0] },
    rival: { value: null, basis: 'absent', evidence: [] },
  },
  isIsNotDoesDoesNot: {
    is: [{ text: `a ${word}`, evidence: [0, 2] }],
    isNot: [],
    does: [],
    doesNot: [{ text: 'ads', evidence: [1] }],
  },
  goals: [{ text: `find ${word}`, evidence: [0] }],
  personas: [{ name: 'Ada', evidence: [0] }],
  features: ['search', 'export'].map((key, index) => ({
    key,
    text: `${key} for ${word}`,
    persona: index === 0 ? 'Ada' : null,
    priority: 'must',
    basis: 'inferred',
    status: 'active',
    inMvp: index === 0 ? true : null,
    maybe: index === 1,
    evidence: [index],
  })),
  constraints: [{ text: 'no cloud', evidence: [] }],
  openQuestions: [{ text: 'For whom?', evidence: [] }],
});

/** The types of every fact that `writeHistory` records: all of them but `conversation.forgotten`. */
export const historyTypes = Object.keys(eventDefinitions).filter(
  (type) => type !== 'conversation.forgotten',
) as EventType[];

/**
 * Records a whole life under `prefix`: a conversation, its canvas and stories, and tasks that are merged (after a
 * failed check, a block and a voided approval), rejected and cancelled. Every event type occurs. The words hold what
 * databases get wrong: half a surrogate pair, a NUL, quotes, question marks, backslashes.
 */
export async function writeHistory(unitOfWork: UnitOfWork, prefix: string): Promise<void> {
  const at = ticking();
  const id = (name: string) => `${prefix}-${name}`;
  const word = `caf\u00e9 \ud83d\ude00 cut \ud83d \0 'quoted' ?1 $1 \\ "double" ${prefix}`;
  const conversation = conversationOf(id('talk'), id('p'), ['Let us find cafés 🏭', 'Why not?', '```js\nx = "?"\n```']);
  const record = (stream: string, ...drafts: EventDraft[]) =>
    unitOfWork.transact(async (transaction) => {
      const { length } = await transaction.events(stream);
      transaction.append(
        stream,
        length,
        drafts.map((one) => ({ ...one, at: at() })),
      );
      transaction.wake('tasks', stream);
    });
  const recordWith = (stream: string, kind: ArtifactKind, content: unknown, fact: (hash: string) => EventDraft) =>
    unitOfWork.transact(async (transaction) => {
      const artifact =
        typeof content === 'string' ? textArtifact(kind, 'text/plain', content) : jsonArtifact(kind, content);
      transaction.putArtifact(artifact);
      transaction.append(stream, (await transaction.events(stream)).length, [
        { ...fact(artifact.hash), artifact: artifact.hash, at: at() },
      ]);
    });

  await record(
    `project:${id('p')}`,
    draft('project.created', { projectId: id('p'), slug: id('p'), name: 'Cafés' }),
    draft('repository.bound', {
      repoId: id('repo'),
      projectId: id('p'),
      forge: 'local',
      path: '/srv/r.git',
      baseBranch: 'main',
    }),
  );
  await unitOfWork.transact(async (transaction) => {
    transaction.saveConversation(conversation);
    transaction.append(`conversation:${conversation.id}`, 0, [ingested(conversation, at())]);
  });
  await writeIdea(recordWith, record, id, word);
  await writeSprint(unitOfWork, recordWith, record, id, word, at);
  await writeMergedTask(recordWith, record, id, word);
  await record(
    `task:${id('t2')}`,
    draft('task.claimed', { ...ofTask(id, 't2'), runNumber: 1 }, run(id, 't2')),
    draft(
      'branch.created',
      { ...ofTask(id, 't2'), branchId: id('t2-b'), repoId: id('repo'), name: 'factory/2-export', baseSha: 'a1' },
      run(id, 't2'),
    ),
    opened(id, 't2', 2),
    draft('changes.requested', { taskId: id('t2'), pullRequestId: id('t2-pr') }, run(id, 't2')),
    draft(
      'pull-request.rejected',
      {
        taskId: id('t2'),
        runId: id('t2-r'),
        pullRequestId: id('t2-pr'),
        storyId: id('s-export'),
        featureId: id('f-export'),
      },
      run(id, 't2'),
    ),
  );
  await record(
    `task:${id('t3')}`,
    draft('task.claimed', { ...ofTask(id, 't3'), runNumber: 1 }, run(id, 't3')),
    draft(
      'task.cancelled',
      { taskId: id('t3'), runId: id('t3-r'), storyId: id('s-late'), pullRequestId: null },
      run(id, 't3'),
    ),
  );
  await record(`sprint:${id('sprint')}`, draft('sprint.closed', { sprintId: id('sprint') }));
}

export function ingested(conversation: KeptConversation, at: string) {
  return draft(
    'conversation.ingested',
    {
      conversationId: conversation.id,
      projectId: conversation.projectId,
      source: conversation.source,
      messageCount: conversation.messages.length,
      contentHash: hashConversation(conversation),
    },
    { at },
  );
}

type Name = (name: string) => string;
type Record_ = (stream: string, ...drafts: EventDraft[]) => Promise<unknown>;
type RecordWith = (
  stream: string,
  kind: ArtifactKind,
  content: unknown,
  fact: (hash: string) => EventDraft,
) => Promise<unknown>;

const ofTask = (id: Name, task: string, attempt = 1) => ({
  taskId: id(task),
  runId: id(`${task}-r`),
  attempt,
  timing: { startedAt: `2026-11-20T08:00:0${attempt}.250Z`, durationMs: 12.75 },
});
const run = (id: Name, task: string) => ({
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

async function writeIdea(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
  const canvas = { inceptionId: id('talk'), projectId: id('p'), conversationId: id('talk') };
  const stream = `inception:${id('talk')}`;
  await recordWith(stream, 'canvas', canvasContent(word), () =>
    draft('canvas.updated', { ...canvas, canvasVersion: 1 }),
  );
  await record(
    stream,
    draft('feature.judged', { inceptionId: id('talk'), featureKey: 'export', verdict: 'kept' }),
    draft('feature.judged', { inceptionId: id('talk'), featureKey: 'search', verdict: 'dropped' }),
  );
  await recordWith(stream, 'canvas', canvasContent(`better ${word}`), () =>
    draft('canvas.updated', { ...canvas, canvasVersion: 2 }),
  );
  const keys = ['search', 'export', 'late', 'gone'];
  const map = {
    epics: [{ key: 'find', title: `Find ${word}` }],
    stories: keys.map((key) => ({
      key,
      title: `${key} ${word}`,
      narrative: 'As Ada …',
      priority: 'must',
      points: 3,
      evidence: [0, 2],
      dependsOn: key === 'export' ? ['search'] : [],
      hasChangeSet: key === 'search',
    })),
  };
  const written = (isNew: boolean, removed: { storyId: string; because: string }[]) => () =>
    draft('stories.written', {
      projectId: id('p'),
      conversationId: id('talk'),
      epics: [{ epicId: id('e-find'), key: 'find', isNew }],
      stories: keys.map((key) => ({
        storyId: id(`s-${key}`),
        epicId: id('e-find'),
        key,
        isNew,
        draftArtifact: 'd'.repeat(64),
      })),
      removed,
    });
  await recordWith(`stories:${id('talk')}`, 'story-map', map, written(true, []));
  await recordWith(
    `stories:${id('talk')}`,
    'story-map',
    { ...map, epics: [{ key: 'find', title: 'Find anything' }] },
    written(false, [{ storyId: id('s-gone'), because: 'The conversation no longer asks for it.' }]),
  );
}

async function writeSprint(
  unitOfWork: UnitOfWork,
  recordWith: RecordWith,
  record: Record_,
  id: Name,
  word: string,
  at: () => string,
): Promise<void> {
  await recordWith(`sprint:${id('sprint')}`, 'sprint-goal', { goal: `Ship ${word}` }, () =>
    draft('sprint.started', { sprintId: id('sprint'), projectId: id('p'), number: 1, startsAt: at(), endsAt: at() }),
  );
  await unitOfWork.transact(async (transaction) => {
    for (const [index, key] of ['search', 'export', 'late'].entries())
      commitStory(transaction, id, word, index + 1, key, at());
  });
  await record(`task:${id('t1')}`, draft('pass.started', { taskId: id('t1'), fence: 1 }, run(id, 't1')));
}

function commitStory(transaction: Transaction, id: Name, word: string, number: number, key: string, at: string): void {
  const brief = jsonArtifact('task-brief', {
    title: `${key} ${word}`,
    criteria: ['c1', 'c2'].map((criterion) => ({ id: criterion, text: `${criterion} of ${key} ${word}` })),
  });
  transaction.putArtifact(brief);
  const taskId = id(`t${number}`);
  transaction.append(`task:${taskId}`, 0, [
    draft(
      'story.committed',
      {
        taskId,
        projectId: id('p'),
        conversationId: id('talk'),
        storyId: id(`s-${key}`),
        sprintId: id('sprint'),
        featureId: id(`f-${key}`),
        repoId: id('repo'),
        number,
        points: 3,
        dependsOn: number === 2 ? [id('t1')] : [],
        requester: 'ada',
      },
      { artifact: brief.hash, at, taskId },
    ),
  ]);
}

function opened(id: Name, task: string, number: number, isNew = true, headSha = 'b2'): EventDraft {
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
      lookAt: ['src/search.ts'],
    },
    run(id, task),
  );
}

async function writeMergedTask(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
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
  await packet(draft('task.blocked', { taskId: id('t1'), runId: id('t1-r'), code: 'no-code', waitsFor: 'ada' }, mine), {
    reason: `Missing ${word}`,
  });
  await record(stream, draft('task.retried', { taskId: id('t1'), runId: id('t1-r'), attempt: 2 }, mine));
  const second = ofTask(id, 't1', 2);
  await packet(
    draft('qa.passed', { ...second, featureId: id('f-search'), outcome: 'passed', checks: checks('head', 'b2') }, mine),
    proofs('proven'),
  );
  await recordWith(stream, 'pull-request-body', `# ${id('t1')}`, () => opened(id, 't1', 1));
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

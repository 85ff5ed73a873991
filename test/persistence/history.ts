import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import type { ArtifactKind } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { eventDefinitions, type EventType } from '#src/ledger/event-types.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { KeptConversation, Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { writeModelCalls } from './history-model.ts';
import {
  byHand,
  type Name,
  ofTask,
  opened,
  type Record_,
  type RecordWith,
  run,
  writeMergedTask,
} from './history-task.ts';
import { writeAccounts } from './history-accounts.ts';
import { writeHalt } from './history-halt.ts';
import { writeReflection } from './history-reflection.ts';
import { writeReverts } from './history-reverts.ts';
import { writeSteering } from './history-steering.ts';
import { writeSurfaces } from './history-surfaces.ts';
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
  );
  await writeSteering(recordWith, record, id, word);
  await writeSurfaces(record, id, word);
  await writeHalt(recordWith, record, id);
  await writeAccounts(record, id);
  await record(
    `task:${id('t2')}`,
    opened(id, 't2', 2),
    ...byHand(id, 't2'),
    draft('changes.requested', { taskId: id('t2'), pullRequestId: id('t2-pr'), reviewId: '80' }, run(id, 't2')),
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
  await record(`task:${id('t3')}`, draft('task.claimed', { ...ofTask(id, 't3'), runNumber: 1 }, run(id, 't3')));
  await writeModelCalls(recordWith, record, id, word);
  await record(
    `task:${id('t3')}`,
    draft(
      'task.cancelled',
      { taskId: id('t3'), runId: id('t3-r'), storyId: id('s-late'), pullRequestId: null, approvalId: null },
      run(id, 't3'),
    ),
  );
  await writeReverts(recordWith, record, id, word);
  await closeSprint(recordWith, record, id, word, at);
  await writeReflection(recordWith, record, id, word, at);
}

/** Its goal was changed, and a task that it left unfinished went over into the next. */
async function closeSprint(
  recordWith: RecordWith,
  record: Record_,
  id: Name,
  word: string,
  at: () => string,
): Promise<void> {
  const stream = `sprint:${id('sprint')}`;
  const sprintId = id('sprint');
  await recordWith(stream, 'sprint-goal', { goal: `Ship all of ${word}`, sprintId }, () =>
    draft('sprint.goal-changed', { sprintId }, { actor: 'ada' }),
  );
  const unfinished = [id('t3')];
  await record(stream, draft('sprint.closed', { sprintId, points: 6, donePoints: 3, unfinished }, { actor: 'ada' }));
  const next = id('sprint-2');
  await recordWith(`sprint:${next}`, 'sprint-goal', { goal: `Ship the rest of ${word}`, sprintId: next }, () =>
    draft('sprint.started', {
      sprintId: next,
      projectId: id('p'),
      number: 2,
      startsAt: at(),
      endsAt: at(),
      carriedOver: unfinished,
    }),
  );
}

function ingested(conversation: KeptConversation, at: string) {
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
  const edit = { kind: 'goal', featureKey: null, original: 'Calm', text: `Calm ${word}`, evidence: [0] };
  await recordWith(stream, 'canvas-edit', edit, () =>
    draft('canvas.edited', { inceptionId: id('talk'), itemKey: 'goal', change: 'reworded' }, { actor: 'ada' }),
  );
  await recordWith(stream, 'canvas', canvasContent(`better ${word}`), () =>
    draft('canvas.updated', { ...canvas, canvasVersion: 2, refine: true }),
  );
  const reading = { inceptionId: id('talk'), conversationId: id('talk'), contentHash: 'c1', model: 'small' };
  await recordWith(stream, 'refinement', { about: word }, () =>
    draft('canvas.refined', { ...reading, added: 2, refused: 1, failure: null }),
  );
  await record(stream, draft('canvas.refined', { ...reading, added: 0, refused: 0, failure: 'answer-unusable' }));
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
        isBack: false,
        draftArtifact: 'd'.repeat(64),
      })),
      others: [],
      removed,
    });
  await recordWith(`stories:${id('talk')}`, 'story-map', map, written(true, []));
  await recordWith(
    `stories:${id('talk')}`,
    'story-map',
    { ...map, epics: [{ key: 'find', title: 'Find anything' }] },
    written(false, [{ storyId: id('s-gone'), because: 'The conversation no longer asks for it.' }]),
  );
  const own = { storyId: id('s-gone'), conversationId: id('talk') };
  await recordWith(`stories:${id('talk')}`, 'plan-proposal', { steps: [word] }, () => draft('plan.proposed', own));
  await record(`stories:${id('talk')}`, draft('story.taken', { ...own, taker: 'ada' }));
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

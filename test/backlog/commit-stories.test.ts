import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { whyNotStarted } from '#src/backlog/not-started.ts';
import { commitStories } from '#src/backlog/commit-stories.ts';
import { takeIn } from '#src/desk/take-in.ts';
import { TaskBrief } from '#src/backlog/task-brief.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import { LANE } from '#test/code-factory/floor.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import { greeting } from '#test/desk/front.ts';

let store: TestStore;
let projectId: string;
let conversationId: string;
let stories: StoryRow[];
const ids = { next: () => randomUUID() };

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const tools = () => ({ unitOfWork: store.unitOfWork, clock: systemClock, ids, modelFor: async () => false });
const bind = (project: string) =>
  store.unitOfWork.transact(async (transaction) => {
    const { length } = await transaction.events(`project:${project}`);
    const body = {
      repoId: randomUUID(),
      projectId: project,
      forge: 'local',
      path: '/srv/greetings',
      baseBranch: 'main',
    };
    transaction.append(`project:${project}`, length, [draft('repository.bound', body)]);
  });
const tasks = () => store.unitOfWork.tables.find('story_tasks', { projectId }, { orderBy: 'number' });
const commit = (actor = 'ada', storyIds = stories.map(({ id }) => id)) =>
  commitStories(tools(), { conversationId, storyIds, actor, lane: LANE, mayWrite: false });

async function talk(): Promise<void> {
  const conversation = greeting(randomUUID());
  conversationId = conversation.id;
  await takeIn(tools(), { projectId, conversation, fileHash: null, actor: 'ada' });
  stories = await store.unitOfWork.tables.find('stories', { conversationId });
}

beforeEach(async () => {
  projectId = randomUUID();
  await store.unitOfWork.transact(async (transaction) => {
    transaction.append(`project:${projectId}`, 0, [
      draft('project.created', { projectId, slug: projectId, name: 'Greetings' }),
    ]);
  });
  await talk();
});

describe('committing stories', () => {
  it('needs a repository first', async () => {
    const attempt = commit();
    await expect(attempt).rejects.toBeInstanceOf(FactoryError);
    await expect(attempt).rejects.toMatchObject({
      code: 'no-repository',
      fix: expect.stringContaining('commit the stories again'),
    });
    expect(await tasks()).toEqual([]);
  });

  it('starts what has code and says of the rest why not', async () => {
    await bind(projectId);
    const { committed, notStarted } = await commit();
    expect(committed).toHaveLength(stories.filter(({ hasChangeSet }) => hasChangeSet).length);
    expect(committed).not.toEqual([]);
    expect(notStarted.map(({ storyId }) => storyId).sort()).toEqual(
      stories
        .filter(({ hasChangeSet }) => !hasChangeSet)
        .map(({ id }) => id)
        .sort(),
    );
    for (const { reason } of notStarted) expect(reason).toMatch(/\.$/);
    const wakes = await store.unitOfWork.outbox.pending(LANE, 10_000);
    expect(wakes.map(({ taskId }) => taskId)).toEqual(expect.arrayContaining(committed.map(({ taskId }) => taskId)));
  });

  it('opens one sprint with the goal in words, and keeps to it', async () => {
    await bind(projectId);
    await commit();
    await talk();
    await commit();
    const sprints = await store.unitOfWork.tables.find('sprints', { projectId });
    expect(sprints).toMatchObject([{ number: 1, goal: 'A greeting for visitors', status: 'open' }]);
    expect((await tasks()).map(({ number, sprintId }) => [number, sprintId])).toEqual([
      [1, sprints[0]?.id],
      [2, sprints[0]?.id],
    ]);
  });

  it('makes each story one task, however many people press at once', async () => {
    await bind(projectId);
    const results = await Promise.all(Array.from({ length: 12 }, (_, index) => commit(`p${index}`)));
    expect(results.flatMap(({ committed }) => committed)).toHaveLength(1);
    expect(await tasks()).toHaveLength(1);
  });

  it('gives numbers without a gap or a repeat over conversations at once', async () => {
    await bind(projectId);
    const first = { conversationId, storyIds: stories.map(({ id }) => id) };
    await talk();
    const second = { conversationId, storyIds: stories.map(({ id }) => id) };
    await Promise.all(
      [first, second].map((one) => commitStories(tools(), { ...one, actor: 'ada', lane: LANE, mayWrite: false })),
    );
    expect((await tasks()).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('keeps all that the line needs in one brief, with who said what', async () => {
    await bind(projectId);
    await commit();
    const [task] = await tasks();
    const [first] = await store.unitOfWork.ledger.stream(`task:${task?.id}`);
    const artifact = await store.unitOfWork.artifacts.get(first?.artifact ?? '');
    const brief = TaskBrief.parse(artifact === null ? null : contentOf(artifact));
    expect(brief.criteria.length).toBeGreaterThan(0);
    expect(brief.gherkin).toContain('Feature:');
    // The canvas asks who it is for; that is no question of this story.
    expect(brief.openQuestions).toEqual([]);
    expect(brief.changeSet?.edits.map(({ path }) => path)).toContain('src/greet.js');
    const cited = [brief.changeSet?.acceptedBy ?? 0, ...(brief.changeSet?.edits ?? []).map(({ position }) => position)];
    for (const position of cited) expect(Object.keys(brief.speakers)).toContain(String(position));
  });

  it('starts a story without code only where a model may write it', async () => {
    await bind(projectId);
    const withoutCode = { ...greeting(randomUUID()), messages: greeting('x').messages.slice(0, 1) };
    await takeIn(tools(), { projectId, conversation: withoutCode, fileHash: null, actor: 'ada' });
    const told = await store.unitOfWork.tables.find('stories', { conversationId: withoutCode.id });
    const ask = { conversationId: withoutCode.id, storyIds: told.map(({ id }) => id), actor: 'ada', lane: LANE };
    expect(told.length).toBeGreaterThan(0);
    const refused = await commitStories(tools(), { ...ask, mayWrite: false });
    expect(refused.committed).toEqual([]);
    expect(refused.notStarted[0]?.reason).toContain('Set OPENAI_MODEL');
    for (const [noModel, says] of [
      ['not-asked', 'with --write'],
      ['off', 'the model is off here'],
    ] as const) {
      expect(told[0] === undefined ? '' : await whyNotStarted(store.unitOfWork, told[0], noModel)).toContain(says);
    }
    const { committed } = await commitStories(tools(), { ...ask, mayWrite: true });
    expect(committed).toHaveLength(told.length);
    const [first] = await store.unitOfWork.ledger.stream(`task:${committed[0]?.taskId}`);
    const artifact = await store.unitOfWork.artifacts.get(first?.artifact ?? '');
    expect(TaskBrief.parse(artifact === null ? null : contentOf(artifact)).changeSet).toBeNull();
  });

  it('takes no story of another conversation, and none that is not there', async () => {
    await bind(projectId);
    const foreign = stories.map(({ id }) => id);
    await talk();
    expect(await commit('ada', [...foreign, 'nothing'])).toEqual({ committed: [], notStarted: [] });
    const attempt = commitStories(tools(), {
      conversationId: 'nothing',
      storyIds: [],
      actor: 'ada',
      lane: LANE,
      mayWrite: false,
    });
    await expect(attempt).rejects.toMatchObject({ code: 'no-such-conversation' });
  });
});

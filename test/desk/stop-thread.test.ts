import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeLine, createProject, passOn } from '#test/code-factory/floor.ts';
import { type Front, openFront } from './front.ts';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

const states = async () =>
  (await front.tools.unitOfWork.tables.find('story_tasks', {}, { orderBy: 'number' })).map(({ state }) => state);

describe('the Stop of a surface', () => {
  it('in an idea stops what would go on by itself, and leaves what waits for a person', async () => {
    const { unitOfWork } = front.tools;
    const project = await createProject(unitOfWork);
    const inReview = await project.commit();
    await passOn(unitOfWork, createFakeLine({}).steps)(inReview);
    const paused = await project.commit();
    const first = await project.commit();
    const next = await project.commit({ dependsOn: [first] });
    await front.say('ada', { kind: 'task', id: paused }, 'pause');
    const [task] = await unitOfWork.tables.find('story_tasks', { id: next });
    const idea = { kind: 'idea' as const, id: task?.conversationId ?? '' };

    expect(await front.desk.stop('ada', idea)).toEqual({
      ok: true,
      text: 'Task 3 is stopped. Its story is in the backlog again.\nTask 4 is stopped. Its story is in the backlog again.',
    });
    expect(await states()).toEqual(['in-review', 'ready', 'cancelled', 'cancelled']);
    expect(await front.desk.stop('ada', idea)).toEqual({
      ok: false,
      text: 'Nothing runs here, so nothing was stopped.',
    });
  });

  it('in a task stops it also where it waits, says who did, and says when it is over already', async () => {
    const { unitOfWork } = front.tools;
    const project = await createProject(unitOfWork);
    const taskId = await project.commit();
    await passOn(unitOfWork, createFakeLine({}).steps)(taskId);
    const thread = { kind: 'task' as const, id: taskId };
    expect(await front.desk.stop('ada', thread)).toMatchObject({ ok: true });
    const cancelled = (await unitOfWork.ledger.stream(`task:${taskId}`)).filter(
      ({ type }) => type === 'task.cancelled',
    );
    expect(cancelled.map(({ actor }) => actor)).toEqual(['ada']);
    expect(await front.desk.stop('ada', thread)).toEqual({
      ok: false,
      text: 'Task 1 is already cancelled. Commit its story again to start anew.',
    });
    expect(await front.desk.stop('ada', { kind: 'task', id: 'no-such' })).toMatchObject({ ok: false });
  });

  it('in a project’s channel stops nothing', async () => {
    const { unitOfWork } = front.tools;
    const project = await createProject(unitOfWork);
    await project.commit();
    expect(await front.desk.stop('ada', { kind: 'project', id: project.projectId })).toMatchObject({ ok: false });
    expect(await states()).toEqual(['ready']);
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { type Front, openFront } from './front.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

it('tells a project what it shipped, by every name that the word has', async () => {
  const projectId = await front.project();
  const channel = { kind: 'project', id: projectId } as const;
  expect(await front.say('ada', channel, 'retro')).toMatchObject({ text: expect.stringContaining('a quiet week') });
  const conversationId = await front.talk(projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  const { unitOfWork } = front.store;
  const [task] = await unitOfWork.tables.find('story_tasks', { conversationId });
  const work = () => passOn(unitOfWork, createFakeLine({}).steps)(task?.id ?? '');
  await work();
  await front.mirror();
  front.approvers = ['grace'];
  await front.press('grace', await front.post(`review:${task?.id}:1`), 'approve');
  await work();
  for (const words of ['retro', '@Tess retro now', '/retro']) {
    const answer = await front.say('ada', channel, words);
    expect(answer).toMatchObject({ ok: true, text: expect.stringContaining(`**Shipped**\n- 1 ${task?.title}`) });
  }
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bindChannel } from '#src/desk/channels.ts';
import type { CardListItem, Post } from '#src/ports/chat.ts';
import { holdRetrospective } from '#src/reflection/digest/hold.ts';
import { turnAt } from '#src/reflection/digest/week.ts';
import { offerLesson } from '#src/reflection/lessons/keep-lessons.ts';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { writeTasks } from '#test/reflection/digest/week-in-store.ts';
import { wordsOf } from './front.ts';
import { labelsOf, openLessonFront, type LessonFront } from './lesson-front.ts';

let front: LessonFront;
let conversationId = '';
let title = '';

beforeAll(async () => {
  front = await openLessonFront();
});
afterAll(() => front.close());

/** A task is merged today. */
beforeEach(async () => {
  await front.begin();
  const { unitOfWork } = front.store;
  conversationId = await front.talk(front.projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  const [task] = await unitOfWork.tables.find('story_tasks', { conversationId });
  const work = () => passOn(unitOfWork, createFakeLine({}).steps)(task?.id ?? '');
  await work();
  await front.mirror();
  await front.press('grace', await front.post(`review:${task?.id}:1`), 'approve');
  await work();
  title = task?.title ?? '';
});

/** Looks back on the seven days that end in an hour, and shows the card. */
async function hold(): Promise<Post> {
  const { week, period } = turnAt(new Date(Math.ceil(Date.now() / 3_600_000 + 1) * 3_600_000), 'UTC');
  await holdRetrospective(front.tools, { projectId: front.projectId, week, period });
  return cardNow();
}

async function cardNow(): Promise<Post> {
  await front.mirror();
  const [held] = await front.store.unitOfWork.tables.find('retrospectives', { projectId: front.projectId });
  return front.post(`retro:${held?.id}`);
}

/** What the evidence of two tasks made Moltbot offer. */
async function offer(text: string): Promise<void> {
  const { projectId, store } = front;
  const committedAt = new Date(Date.now() - 24 * 3_600_000).toISOString();
  await writeTasks(
    store,
    projectId,
    [101, 102].map((number) => ({ number, title: `Change ${number}`, committedAt })),
  );
  const all = await store.unitOfWork.ledger.read(0, 10_000);
  const merged = all.filter(({ type, taskId }) => type === 'pull-request.merged' && taskId?.startsWith(projectId));
  const scope = { kind: 'project' as const, key: null };
  const proposal = { projectId, origin: 'evidence' as const, kind: 'rule' as const, scope, about: null, text };
  await offerLesson(front.tools, { ...proposal, evidence: merged.map(({ seq }) => seq) }, 'persona:moltbot');
}

function listOf({ card }: Post, title: string): CardListItem[] {
  const found = card.blocks.find((block) => block.type === 'list' && block.title === title);
  return found?.type === 'list' ? found.items : [];
}

describe('the card of a week', () => {
  it('stands in the channel of its project, said by Moltbot, and calls for nobody', async () => {
    const posted = await hold();
    expect(posted).toMatchObject({
      thread: front.channel,
      author: { kind: 'persona', name: 'moltbot' },
      mentions: [],
      card: { actions: [], tone: 'plain' },
    });
    expect(posted.card.lead).toMatch(/^\*\*The week of Greetings, \w+ \d+ to \w+ \d+\.\*\*$/);
    expect(listOf(posted, 'Shipped')).toMatchObject([{ text: `1 · ${title}`, mark: 'done', thread: { kind: 'task' } }]);
    expect(posted.card.blocks.at(-1)).toMatchObject({ type: 'fold', summary: 'Details' });
  });

  it('goes to every channel that the project works in', async () => {
    const place = { surface: 'slack', team: 'T1', channel: `C-${front.projectId}` } as const;
    const bound = { projectId: front.projectId, name: 'greetings', listen: 'mentions' } as const;
    await bindChannel(front.tools, { actor: 'ada', place, ...bound });
    const posted = await hold();
    const due = await front.tools.surfacePosts.due('slack', 100);
    expect(due.filter(({ post }) => post.id === posted.id)).toMatchObject([{ place, root: null }]);
  });

  it('has its lesson decided on where it stands, by an approver', async () => {
    await offer('Round half a cent up.');
    const posted = await hold();
    const [asked] = listOf(posted, 'What we learned');
    expect(asked).toMatchObject({ mark: 'question', text: '**Lesson 1** · Round half a cent up.' });
    expect(labelsOf(asked?.actions ?? [])).toEqual(['Accept', 'Edit', 'Decline']);
    expect(await front.pressLabel('mallory', posted, 'Accept')).toMatchObject({ ok: false });
    expect(listOf(await cardNow(), 'What we learned')[0]?.mark).toBe('question');
    expect(await front.pressLabel('grace', posted, 'Accept')).toMatchObject({ ok: true });
    const [decided] = listOf(await cardNow(), 'What we learned');
    expect(decided).toMatchObject({ mark: 'done', detail: expect.stringContaining('grace accepted it') });
    expect(labelsOf(decided?.actions ?? [])).toEqual(['Retire']);
  });

  it('loses its words with those of a conversation that it names', async () => {
    expect(wordsOf(await hold())).toContain(title);
    await front.desk.forget('ada', conversationId);
    const posted = await cardNow();
    expect(wordsOf(posted)).not.toContain(title);
    expect(posted.card.lead).toContain('its words were erased');
  });
});

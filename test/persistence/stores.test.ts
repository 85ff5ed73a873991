import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { runSql } from '#persistence/sql.ts';
import { conversationOf } from './history.ts';
import { openTestStore, type TestStore } from './support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const save = (...conversations: KeptConversation[]) =>
  store.unitOfWork.transact(async (transaction) => {
    for (const conversation of conversations) transaction.saveConversation(conversation);
  });

describe('conversations', () => {
  const talk = conversationOf('c1', 'p', ['Ich möchte Café ☕', 'Why?', "It's \\ ?1 $1 – 日本語", 'ok']);

  it('come back exactly as they were kept', async () => {
    await save(talk);
    expect(await store.unitOfWork.conversations.get('c1')).toEqual(talk);
    expect(await store.unitOfWork.conversations.get('nobody')).toBeNull();
  });

  it('are replaced from the first message that differs', async () => {
    const rowVersions = () =>
      runSql<{ xmin: string }>(
        store.orm.em.fork(),
        "SELECT xmin::text FROM messages WHERE conversation_id = 'c1' ORDER BY position",
      );
    const before = await rowVersions();
    const messages = talk.messages
      .map((message, index) => (index === 2 ? { ...message, text: 'changed' } : message))
      .slice(0, 3);
    await save({ ...talk, title: 'New title', messages });
    expect(await store.unitOfWork.conversations.get('c1')).toEqual({ ...talk, title: 'New title', messages });
    const after = await rowVersions();
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after).toHaveLength(3);
    await save(talk);
    expect(await store.unitOfWork.conversations.get('c1')).toEqual(talk);
  });

  it('take on another origin of a message whose words are the same', async () => {
    const messages = talk.messages.map((message) => ({ ...message, originId: `new-${message.originId}` }));
    await save({ ...talk, messages });
    expect((await store.unitOfWork.conversations.get('c1'))?.messages).toEqual(messages);
    await save(talk);
  });

  it('are found by every file that they were imported from', async () => {
    await save({ ...talk, fileHash: 'second-file' }, { ...conversationOf('c2', 'p', ['x']), fileHash: 'second-file' });
    const ids = async (file: string) =>
      (await store.unitOfWork.conversations.findByFile(file)).map(({ id }) => id).toSorted();
    expect(await ids('second-file')).toEqual(['c1', 'c2']);
    expect(await ids('file-c1')).toEqual(['c1']);
    expect(await ids('no-file')).toEqual([]);
    expect(await store.unitOfWork.conversations.findByFile('file-c1')).toEqual([
      { id: 'c1', title: talk.title, projectId: 'p' },
    ]);
  });

  it('are listed with their counts', async () => {
    expect(await store.unitOfWork.conversations.list('p')).toMatchObject([
      { id: 'c1', source: 'chatgpt', messageCount: 4, createdAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) },
      { id: 'c2', messageCount: 1 },
    ]);
    expect(await store.unitOfWork.conversations.list('other')).toEqual([]);
  });

  it('stay in the project that they came to', async () => {
    await expect(save({ ...talk, projectId: 'q', title: 'taken' })).rejects.toMatchObject({
      code: 'conversation-elsewhere',
    });
    expect((await store.unitOfWork.conversations.get('c1'))?.title).toBe(talk.title);
  });

  it('hold 100,000 messages', async () => {
    const long = conversationOf(
      'long',
      'p',
      Array.from({ length: 100_000 }, (_, n) => `message ${n}`),
    );
    await save(long);
    const kept = await store.unitOfWork.conversations.get('long');
    expect(kept?.messages).toHaveLength(100_000);
    expect(kept === null ? '' : hashConversation(kept)).toBe(hashConversation(long));
  });

  it('get their words back when they come in again after being forgotten', async () => {
    await store.unitOfWork.conversations.forget('c1');
    expect((await store.unitOfWork.conversations.get('c1'))?.messages.map(({ text }) => text)).toEqual([
      '',
      '',
      '',
      '',
    ]);
    await save(talk);
    expect(await store.unitOfWork.conversations.get('c1')).toEqual(talk);
  });
});

describe('inbox', () => {
  const delivery = (key: string) => ({
    key,
    surface: 'room',
    payload: `{"text":"${key} é"}`,
    receivedAt: '2026-11-20T09:00:00.000Z',
  });

  it('takes each delivery once, whoever else takes it in at the same moment', async () => {
    const { inbox } = store.unitOfWork;
    const answers = await Promise.all(Array.from({ length: 8 }, () => inbox.accept(delivery('same'))));
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
    expect(await inbox.accept({ ...delivery('same'), payload: 'other' })).toBe('duplicate');
    expect(await inbox.pending('room', 9)).toEqual([delivery('same')]);
  });

  it('hands out what is not done, oldest first, and keeps no words of what is done', async () => {
    const { inbox } = store.unitOfWork;
    await inbox.accept(delivery('b'));
    await inbox.accept(delivery('a'));
    await inbox.done('same');
    await inbox.done('nobody');
    expect((await inbox.pending('room', 1)).map(({ key }) => key)).toEqual(['b']);
    expect((await inbox.pending('room', 9)).map(({ key }) => key)).toEqual(['b', 'a']);
    expect(await inbox.accept(delivery('same'))).toBe('duplicate');
    expect(await runSql(store.orm.em.fork(), "SELECT payload FROM inbox WHERE key = 'same'")).toEqual([
      { payload: '' },
    ]);
  });
});

describe('outbox', () => {
  it('hands out wakes of a lane in order until a queue has taken them', async () => {
    const { outbox } = store.unitOfWork;
    for (const taskId of ['t1', 't2', 't3']) {
      await store.unitOfWork.transact(async (transaction) => {
        transaction.wake('steps', taskId);
        transaction.wake('other', taskId);
      });
    }
    const first = await outbox.pending('steps', 2);
    expect(first.map(({ taskId }) => taskId)).toEqual(['t1', 't2']);
    await outbox.sent(first.map(({ id }) => id));
    await outbox.sent(first.map(({ id }) => id));
    expect((await outbox.pending('steps', 9)).map(({ taskId }) => taskId)).toEqual(['t3']);
    expect(await outbox.pending('other', 9)).toHaveLength(3);
    await outbox.sent([]);
  });
});

import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { waitFor } from '#test/support/wait-for.ts';
import { createFakeDesk } from './fake-desk.ts';
import { enteredClient } from './room-client.ts';

const press = { post: 'p-review', thread: 'task:task-12', version: '3', action: 'approve' };

describe('a press', () => {
  test('reaches the desk as the person saw it, and brings the card back', async () => {
    const client = await enteredClient();
    const answer = await client.post('/press', press);
    expect(answer.status).toBe(200);
    expect(client.desk.presses).toEqual([
      { actor: 'local', postId: 'p-review', postVersion: 3, action: 'approve', input: null },
    ]);
    const piece = await answer.text();
    expect(piece).toContain('merged as 9ac1f07');
    expect(piece).toContain('<hx-partial hx-target="#feed-task-task-12" hx-swap="posts">');
  });

  test('carries its words', async () => {
    const client = await enteredClient();
    await client.post('/press', { ...press, action: 'changes', input: '  keep accents ' });
    expect(client.desk.presses[0]?.input).toBe('keep accents');
    await client.post('/press', { ...press, action: 'edit-canvas', 'choice.item': 'k1', 'choice.change': 'kept' });
    expect(client.desk.presses[1]).toMatchObject({ input: null, chosen: { item: 'k1', change: 'kept' } });
  });

  test('that is refused says so to this person, and changes nothing', async () => {
    const desk = createFakeDesk();
    desk.answerWith({ ok: false, text: 'This card changed since you saw it. <b>Look</b> again.' });
    const client = await enteredClient({ desk });
    const answer = await client.post('/press', press);
    expect(answer.status).toBe(409);
    const piece = await answer.text();
    expect(piece).toContain('Only you see this.');
    expect(piece).toContain('&lt;b&gt;Look&lt;/b&gt;');
    expect(piece).not.toContain('hx-partial');
  });

  test.each([
    ['no post', { thread: 'task:task-12', version: '1', action: 'a' }],
    ['a version that is no number', { ...press, version: 'x' }],
    ['a version below one', { ...press, version: '0' }],
    ['no thread', { ...press, thread: 'nowhere' }],
    ['endless words', { ...press, input: 'x'.repeat(4_001) }],
  ])('with %s is refused', async (_name, fields) => {
    const client = await enteredClient();
    const answer = await client.post('/press', fields);
    expect(answer.status).toBe(422);
    expect(client.desk.presses).toEqual([]);
  });
});

describe('saying something', () => {
  const said = { thread: 'idea:idea-1', text: ' Only the editor. ', origin: 'o-1', as: 'message' };

  test('reaches the desk once under its id, and the next one gets a new id', async () => {
    const client = await enteredClient();
    const answer = await client.post('/say', said);
    expect(client.desk.messages).toMatchObject([
      { actor: 'local', thread: { kind: 'idea', id: 'idea-1' }, text: 'Only the editor.', originId: 'o-1' },
    ]);
    expect(answer.headers.get('hx-trigger')).toBe('room:said');
    const piece = await answer.text();
    expect(piece).toContain('Only the editor.');
    expect(piece).toMatch(/name="origin" id="composer-idea-idea-1-origin" value="[0-9a-f-]{36}"/);
  });

  test('is told more later, in the same place, once it is known', async () => {
    const desk = createFakeDesk();
    let know: (text: string | null) => void = () => {};
    const later = new Promise<string | null>((resolve) => {
      know = resolve;
    });
    desk.answerWith({ ok: true, text: 'Enter **ABCD-1234** there.', later });
    const client = await enteredClient({ desk });
    const piece = await (await client.post('/say', { ...said, text: 'link github' })).text();
    const [, place = ''] = /hx-get="(\/answers\/[0-9a-f-]{36})"/.exec(piece) ?? [];
    expect((await client.get(place)).status).toBe(204);
    know('Your account is **ada**.');
    await waitFor(async () => (await client.get(place)).status === 200);
    const answer = await client.get(place);
    expect(await answer.text()).toContain('Your account is <strong>ada</strong>.');
    expect(await (await client.get('/answers/none')).text()).toBe('<span></span>');
  });

  test('leads to the post that the answer is about', async () => {
    const desk = createFakeDesk();
    desk.answerWith({
      ok: true,
      text: 'The canvas of “Slugs”.',
      at: { thread: { kind: 'idea', id: 'idea-1' }, postId: 'post-1' },
    });
    const client = await enteredClient({ desk });
    const piece = await (await client.post('/say', { ...said, text: 'canvas' })).text();
    expect(piece).toContain('The canvas of “Slugs”.');
    expect(piece).toContain('<a href="/ideas/idea-1#post-post-1">Open it in its thread</a>');
  });

  test('that is refused keeps the words where they are', async () => {
    const desk = createFakeDesk();
    desk.answerWith({ ok: false, text: 'This thread has ended.' });
    const client = await enteredClient({ desk });
    const answer = await client.post('/say', said);
    expect(answer.status).toBe(409);
    expect(answer.headers.get('hx-trigger')).toBeNull();
    // Sent again under the old id they would count as told already, and be lost.
    expect(await answer.text()).toMatch(/name="origin" id="composer-idea-idea-1-origin" value="(?!o-1")[0-9a-f-]{36}"/);
  });

  test('in a channel starts an idea, unless it is a command', async () => {
    const client = await enteredClient();
    const idea = await client.post('/say', { ...said, thread: 'project:project-1', as: 'idea' });
    expect(idea.headers.get('hx-redirect')).toBe('/ideas/idea-1');
    expect(client.desk.ideas).toEqual([{ projectId: 'project-1', text: 'Only the editor.' }]);
    await client.post('/say', { ...said, thread: 'project:project-1', text: '/backlog', as: 'idea' });
    await client.post('/say', { ...said, thread: 'project:project-1', text: 'sprint status', as: 'idea' });
    expect(client.desk.messages.map((message) => message.text)).toEqual(['/backlog', 'sprint status']);
    expect(client.desk.ideas).toHaveLength(1);
  });

  test.each([
    ['nothing', '   '],
    ['a book', 'x'.repeat(20_001)],
  ])('%s is refused', async (_name, text) => {
    const client = await enteredClient();
    expect((await client.post('/say', { ...said, text })).status).toBe(422);
    expect(client.desk.messages).toEqual([]);
  });

  test('more than any form holds is stopped before it is read', async () => {
    const client = await enteredClient();
    const answer = await client.post('/say', { ...said, text: 'x'.repeat(9 * 1024 * 1024) });
    expect(answer.status).toBe(413);
  });
});

describe('beginning', () => {
  test('with the sample leads to its idea', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    expect((await client.post('/sample', {})).headers.get('hx-redirect')).toBe('/ideas/idea-1');
  });

  test('with a repository and words binds the one and starts the other', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    const answer = await client.post('/start', { repository: '/code/greeter', text: 'Slugs', as: 'idea' });
    expect(answer.headers.get('hx-redirect')).toBe('/ideas/idea-1');
    expect(client.desk.bound).toEqual([{ projectId: 'project-1', path: '/code/greeter', base: null }]);
    expect(client.desk.ideas).toEqual([{ projectId: 'project-1', text: 'Slugs' }]);
  });

  test('with a repository that is not there keeps the words and says what to do', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    const answer = await client.post('/start', { repository: '/nowhere', text: 'Slugs', as: 'idea' });
    const piece = await answer.text();
    expect(piece).toContain('There is no folder at /nowhere.');
    expect(piece).toContain('Check the spelling');
    expect(piece).toContain('Your idea is kept.');
    expect(client.desk.ideas).toHaveLength(1);
  });

  test('with nothing but a repository that is not there makes nothing', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    const answer = await client.post('/start', { repository: '/nowhere', text: '', as: 'idea' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('There is no folder at /nowhere.');
    expect((await client.desk.overview('local')).projects).toEqual([]);
  });

  test('a path from the home folder is meant as the shell has it', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    await client.post('/start', { repository: '~/greeter', text: '', as: 'idea' });
    expect(client.desk.bound).toEqual([{ projectId: 'project-1', path: `${homedir()}/greeter`, base: null }]);
  });

  test('with a pasted conversation imports it, and tells what was left out', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    const answer = await client.post('/start', { repository: '', text: 'Ana: hi\nBo: hi', as: 'conversation' });
    expect(client.desk.imports).toMatchObject([{ name: 'hi.txt', bytes: 14 }]);
    expect(await answer.text()).toContain('3 × image left out: pictures are not read');
  });

  test('with nothing says what is missing', async () => {
    const client = await enteredClient();
    const answer = await client.post('/start', { repository: '', text: ' ', as: 'idea' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('There is nothing to start from yet.');
  });

  test('a repository named later is bound, with what people should know', async () => {
    const client = await enteredClient();
    const answer = await client.post('/projects/project-2/repository', { path: '/code/bill', base: 'trunk' });
    expect(client.desk.bound).toEqual([{ projectId: 'project-2', path: '/code/bill', base: 'trunk' }]);
    const piece = await answer.text();
    expect(piece).toContain('Its hooks will not be run.');
    expect(piece).toContain('hx-target="#head-project-project-2"');
  });

  test('a refusal lands where it was asked', async () => {
    const client = await enteredClient();
    const answer = await client.post('/projects/project-2/repository', { path: '/nowhere', base: '' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('role="alert"');
  });
});

import { describe, expect, test } from 'vitest';
import { enteredClient } from './room-client.ts';

const lessons = '/projects/project-1/lessons';
const accept = { post: 'lessons-0-0', thread: 'project:project-1', version: '1', action: 'accept-lesson:lesson-4' };

describe('the pages about what came of a project', () => {
  test.each([
    ['lessons', 'Lessons', 'Told to 1 task'],
    ['retrospectives', 'Retrospectives', 'Split the slow check in two.'],
    ['incidents', 'Incidents', 'A story about it waits in the backlog.'],
  ])('%s are named in the title, the rail and the page', async (page, name, words) => {
    const client = await enteredClient();
    const drawn = await client.text(`/projects/project-1/${page}`);
    expect(drawn).toContain(`<title>(2) Workbench · ${name}</title>`);
    expect(drawn).toContain(`<h1>${name}</h1>`);
    expect(drawn).toContain(words);
    const marked = `<a href="/projects/project-1/${page}" aria-current="page">${name}</a>`;
    // In the rail and above the page itself.
    expect(drawn.split(marked)).toHaveLength(3);
    expect(drawn.match(/aria-current="page"/g)).toHaveLength(2);
  });

  test('are linked from the project', async () => {
    const client = await enteredClient();
    const project = await client.text('/projects/project-1');
    for (const page of ['lessons', 'retrospectives', 'incidents'])
      expect(project).toContain(`href="/projects/project-1/${page}"`);
  });

  test('teach where there is nothing yet, and are not there where there is no project', async () => {
    const client = await enteredClient();
    expect(await client.text('/projects/project-2/lessons')).toContain('<code>remember: …</code>');
    expect((await client.get('/projects/nowhere/lessons')).status).toBe(404);
  });

  test('have the same buttons as the cards, which lead back to the page', async () => {
    const client = await enteredClient();
    expect(await client.text(lessons)).toContain(`hx-post="${lessons}"`);
    const answered = await client.post(lessons, accept);
    expect(answered.status).toBe(200);
    expect(client.desk.presses).toEqual([
      {
        ...{ actor: 'local', postId: 'lessons-0-0', postVersion: 1 },
        ...{ action: 'accept-lesson:lesson-4', input: null },
      },
    ]);
    const piece = await answered.text();
    expect(piece).toContain('<hx-partial hx-target="#reflection" hx-swap="outerMorph">');
    expect(piece).toContain('id="reflection"');
  });

  test('say a refusal where the button was, and leave the page as it is', async () => {
    const client = await enteredClient();
    client.desk.answerWith({ ok: false, text: 'Only an approver decides what is learned.' });
    const answered = await client.post(lessons, accept);
    expect(answered.status).toBe(409);
    const piece = await answered.text();
    expect(piece).toContain('Only an approver decides what is learned.');
    expect(piece).not.toContain('hx-partial');
  });

  test('need no script', async () => {
    const client = await enteredClient();
    const csrf = await client.csrf();
    const answered = await client.post(lessons, { ...accept, csrf }, { 'hx-request': 'false' });
    expect([answered.status, answered.headers.get('location')]).toEqual([303, lessons]);
  });

  test('take no press without the token of the session', async () => {
    const client = await enteredClient();
    const answered = await client.post(lessons, accept, { 'x-csrf-token': 'another' });
    expect(answered.status).toBe(403);
    expect(client.desk.presses).toEqual([]);
  });
});

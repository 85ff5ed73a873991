import { describe, expect, test } from 'vitest';
import { createFakeDesk } from './fake-desk.ts';
import { card, draft, hostile, idea } from './fake-posts.ts';
import { enteredClient } from './room-client.ts';

describe('what people write', () => {
  test.each([
    '/',
    '/projects/project-1',
    '/ideas/idea-1',
    '/ideas/idea-2',
    '/tasks/task-12',
    '/tasks/task-12/diff',
    '/tasks/task-12/run',
    '/projects/project-1/lessons',
    '/projects/project-1/retrospectives',
    '/projects/project-1/incidents',
    '/why?conversation=idea-1&at=0,2',
  ])('never becomes markup on %s', async (path) => {
    const client = await enteredClient();
    const page = await client.text(path);
    expect(page).not.toContain('<script>window');
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('</script><script>');
  });

  test('is there as text', async () => {
    const client = await enteredClient();
    expect(await client.text('/ideas/idea-1')).toContain('&lt;script&gt;window.hacked = true&lt;/script&gt;');
  });

  test('stays inside its attribute', async () => {
    const desk = createFakeDesk();
    desk.postSilently(
      draft(
        'quoted',
        idea,
        { kind: 'person', name: '"><b id="planted">' },
        {
          lead: 'x',
          actions: [
            {
              name: '"><b id="planted">',
              label: "'><b id='planted'>",
              style: 'plain',
              confirm: '"><b id="planted">',
              input: null,
              command: { type: 'sprint-status', projectId: 'p' },
            },
          ],
          blocks: [
            {
              type: 'list',
              title: null,
              items: [
                {
                  mark: 'none',
                  text: 'y',
                  detail: null,
                  why: { conversationId: '"><b id="planted">', positions: [1] },
                  thread: { kind: 'task', id: '"><b id="planted">' },
                  actions: [],
                },
              ],
            },
          ],
        },
      ),
    );
    const client = await enteredClient({ desk });
    expect(await client.text('/ideas/idea-1')).not.toMatch(/<b id=.planted/);
  });

  test('cannot smuggle htmx into the page', async () => {
    const desk = createFakeDesk();
    desk.postSilently(
      draft('smuggled', idea, { kind: 'person', name: 'x' }, { lead: '<hx-partial hx-target="body"><a hx-get="/x">' }),
    );
    const client = await enteredClient({ desk });
    expect(await client.text('/ideas/idea-1')).not.toContain('<hx-partial hx-target="body"');
  });
});

describe('pages', () => {
  test('the title says what waits', async () => {
    const client = await enteredClient();
    expect(await client.text('/')).toContain('<title>(2) Workbench</title>');
    expect(await client.text('/tasks/task-12')).toContain('<title>(2) Workbench · Addresses for recipes</title>');
    client.desk.clearWaiting();
    expect(await client.text('/')).toContain('<title>Workbench</title>');
  });

  test('a repository on GitHub is offered where GitHub is set up, and nowhere else', async () => {
    const pages = async (onGitHub: boolean) => {
      const client = await enteredClient({ onGitHub, desk: createFakeDesk() });
      return [await client.text('/'), await client.text('/projects/project-2')];
    };
    for (const page of await pages(true)) expect(page).toContain('a folder on this machine, or github:OWNER/NAME');
    for (const page of await pages(false)) expect(page).not.toContain('github:OWNER/NAME');
  });

  test('an empty home teaches: one sentence, the sample, a drop, a paste, a repository', async () => {
    const client = await enteredClient({ desk: createFakeDesk({ empty: true }) });
    const page = await client.text('/');
    for (const words of [
      'Try the sample',
      'Drop a ChatGPT, Claude or meeting export',
      'Or write or paste it',
      'Repository',
      'reviewed change',
    ]) {
      expect(page).toContain(words);
    }
  });

  test('a task shows its idea behind it and itself beside it', async () => {
    const client = await enteredClient();
    const page = await client.text('/tasks/task-12');
    expect(page).toContain('id="feed-idea-idea-1"');
    expect(page).toContain('id="feed-task-task-12"');
    expect(page).toContain('approval');
  });

  test('a long conversation folds, and says what is not shown', async () => {
    const client = await enteredClient();
    const page = await client.text('/ideas/idea-1');
    expect(page).toContain('36 more messages between Ana, ChatGPT and שרה');
    expect(page).toContain('31 messages are kept and not shown here');
  });

  test('a decided card has a line in place of its buttons', async () => {
    const client = await enteredClient();
    const page = await client.text('/ideas/idea-1');
    expect(page).toContain('Committed by local · 12:30');
    expect(page).toContain('>Commit to sprint</button>');
  });

  test('an approval names its commit', async () => {
    const client = await enteredClient();
    expect(await client.text('/tasks/task-12')).toMatch(/Approve<span class="exactly"> exactly <code>4f2c91a<\/code>/);
  });

  test('posts of one author within minutes stand together', async () => {
    const desk = createFakeDesk();
    const says = (key: string, at: string) =>
      desk.postSilently(
        draft(key, { kind: 'idea', id: 'idea-2' }, { kind: 'persona', name: 'piper' }, { lead: key }),
        at,
      );
    says('one', '2026-11-20T10:00:00Z');
    says('two', '2026-11-20T10:01:00Z');
    says('three', '2026-11-20T11:30:00Z');
    const client = await enteredClient({ desk });
    const classes = [
      ...(await client.text('/ideas/idea-2')).matchAll(/<article class="post ([^"]*)persona" id="post-p-/g),
    ].map((match) => match[1]?.trim());
    expect(classes).toEqual(['', 'continued', '']);
  });

  test('why shows the sentence and its speaker', async () => {
    const client = await enteredClient();
    const piece = await client.text('/why?conversation=idea-1&at=0,2,zebra,-1');
    expect(piece).toContain('Ana');
    expect(piece).toContain('ChatGPT');
    expect(piece.match(/<blockquote/g)).toHaveLength(2);
  });

  test('set-up tells each thing, and what to do', async () => {
    const client = await enteredClient();
    expect(await client.text('/setup')).toContain('hx-get="/setup/checks"');
    const checks = await client.text('/setup/checks');
    expect(checks).toContain('One thing is missing.');
    expect(checks).toContain('doctor --fix');
  });

  test('the first page tells what is missing, and only that', async () => {
    const client = await enteredClient();
    expect(await client.text('/setup/missing')).toContain('Sandbox: missing.');
    const fine = createFakeDesk({ checks: [{ name: 'Git', state: 'ok', detail: '2.39', fix: null }] });
    expect(await (await enteredClient({ desk: fine })).text('/setup/missing')).toBe('');
  });

  test.each([
    ['/ledger', '1204 facts, and the chain holds.'],
    ['/tasks/task-12/run', '5 of 6 criteria proven'],
    ['/tasks/task-12/run', 'takes it up, run 1'],
    ['/tasks/task-12/diff', 'Look at this first'],
  ])('%s says %s', async (path, words) => {
    expect(await (await enteredClient()).text(path)).toContain(words);
  });

  test.each(['/nowhere', '/ideas/none', '/tasks/none', '/tasks/none/diff', '/projects/none'])(
    '%s is told to be nothing',
    async (path) => {
      const client = await enteredClient();
      const answer = await client.get(path);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('There is nothing at this address.');
    },
  );

  test('a fault of ours is told without its insides', async () => {
    const desk = createFakeDesk();
    desk.ledger = () => Promise.reject(new Error('secret at /var/lib'));
    const client = await enteredClient({ desk });
    const answer = await client.get('/ledger');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('the diff page', () => {
  test('offers to approve exactly the commit that it shows', async () => {
    const client = await enteredClient();
    const page = await client.text('/tasks/task-12/diff');
    expect(page).toContain('class="decide"');
    expect(page).toContain('<input type="hidden" name="action" value="approve">');
  });

  test('does not, when the card speaks of another commit', async () => {
    const desk = createFakeDesk();
    const shown = await desk.diff('task-12');
    desk.diff = async () => (shown === null ? null : { ...shown, headSha: '1234567'.padEnd(40, '0') });
    const client = await enteredClient({ desk });
    const page = await client.text('/tasks/task-12/diff');
    expect(page).toContain('The change moved.');
    expect(page).not.toContain('class="decide"');
  });

  test('does not, when nothing waits for approval', async () => {
    const desk = createFakeDesk();
    desk.postSilently({
      ...draft(
        'review',
        { kind: 'task', id: 'task-12' },
        { kind: 'persona', name: 'vera' },
        card({ lead: 'Done.', outcome: 'Approved' }),
      ),
    });
    const client = await enteredClient({ desk });
    expect(await client.text('/tasks/task-12/diff')).not.toContain('class="decide"');
  });

  test('says when it is not the whole change', async () => {
    const desk = createFakeDesk();
    const shown = await desk.diff('task-12');
    desk.diff = async () => (shown === null ? null : { ...shown, truncated: true });
    const client = await enteredClient({ desk });
    expect(await client.text('/tasks/task-12/diff')).toContain('This is not the whole change.');
  });

  test('draws characters that hide, instead of obeying them', async () => {
    const page = await (await enteredClient()).text('/tasks/task-12/diff');
    expect(page).toContain('U+202E');
    expect(page).not.toContain('\u202e');
    expect(page).toContain(hostile.includes('script') ? '&lt;/script&gt;&lt;script&gt;' : '');
  });
});

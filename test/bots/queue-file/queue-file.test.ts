import { join } from 'node:path';
import { symlinkSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkQueues } from '#bots/queue-file/check-queues.ts';
import { createQueueFiles } from '#infra/queue-file/queue-files.ts';
import { QUEUE_FILE, type QueueFiles } from '#src/ports/queue-file.ts';
import { inQueue } from './in-queue.ts';

const GREET = {
  id: 'greet',
  title: 'Greet a visitor by name',
  intent:
    'As a visitor I want to be greeted by name, so that I feel welcome. Write a function `greet(name)` in src/greet.js.',
  acceptanceCriteria: ['greet("Ada") returns "Hello, Ada"'],
  constraints: ['It must run without any dependencies.'],
  contextPaths: ['src/add.js'],
  status: 'pending',
  owner: 'ada',
};
const VAGUE = { id: 7, title: 'Better' };

describe('an entry of the queue', () => {
  it('becomes a conversation and stories, and says that they wait for a person', async () => {
    const { save, quiet, front, projectId, conversation, entries } = await inQueue();
    save([GREET]);
    await quiet();
    expect(await conversation('greet')).toMatchObject({ projectId, source: 'queue-file', title: GREET.title });
    const { tables } = front.tools.unitOfWork;
    const [story, ...others] = await tables.find('stories', {});
    expect([story?.status, others]).toEqual(['proposed', []]);
    const limits = await tables.find('inception_items', { kind: 'constraint' });
    expect(limits.map(({ text }) => text)).toEqual(['It must run without any dependencies']);
    expect(entries()).toEqual([{ ...GREET, status: 'proposed' }]);
  });

  it('that is too vague gets questions and no code', async () => {
    const { save, quiet, front, entries } = await inQueue();
    save([VAGUE]);
    await quiet();
    expect(await front.tools.unitOfWork.tables.find('stories', {})).toEqual([]);
    expect(entries()).toEqual([
      {
        ...VAGUE,
        status: 'needs-answers',
        lastRun: {
          at: expect.stringMatching(/Z$/),
          task: null,
          outcome: 'needs answers',
          branch: null,
          pullRequest: null,
          questions: expect.arrayContaining(['What should be there afterwards, and how would you see that it works?']),
        },
      },
    ]);
    save([{ ...entries()[0], intent: GREET.intent, acceptanceCriteria: GREET.acceptanceCriteria }]);
    await quiet();
    expect(entries()).toMatchObject([{ status: 'proposed', lastRun: null }]);
  });

  it('commits nothing, whatever the rung: nobody knows who wrote it (C01)', async () => {
    const { save, quiet, front } = await inQueue();
    front.files['factory.yaml'] = 'rung: 5\n';
    save([{ ...GREET, intent: `${GREET.intent}\n\n\`\`\`md\n<!-- docs/greet.md -->\nHello\n\`\`\`\n` }]);
    await quiet();
    expect(await front.tools.unitOfWork.tables.find('story_tasks', {})).toEqual([]);
  });

  it('is taken in once, also by another process', async () => {
    const { save, quiet, restart, front } = await inQueue();
    save([GREET]);
    await quiet();
    const { seq } = await front.tools.unitOfWork.ledger.head();
    await quiet();
    await restart();
    await quiet();
    expect((await front.tools.unitOfWork.ledger.head()).seq).toBe(seq);
  });

  it('follows what its author changes, and is taken back with them', async () => {
    const { save, quiet, words, entries, front } = await inQueue();
    save([GREET, VAGUE]);
    await quiet();
    save(entries().map((entry) => (entry['id'] === 'greet' ? { ...entry, title: 'Greet everybody' } : entry)));
    await quiet();
    expect(await words('greet')).toContain('Greet everybody');
    save(entries().filter(({ id }) => id !== 'greet'));
    await quiet();
    expect(await words('greet')).toBeNull();
    expect(entries().map(({ id }) => id)).toEqual([7]);
    const stories = await front.tools.unitOfWork.tables.find('stories', {});
    expect(stories.map(({ status }) => status)).toEqual(['removed']);
  });

  it('stays as its author closed it, and its stories go', async () => {
    const { save, quiet, words, entries } = await inQueue();
    const closed = { ...VAGUE, status: 'done' };
    save([GREET, closed]);
    await quiet();
    expect(entries()[1]).toEqual(closed);
    expect(await words('7')).toBeNull();
    const done = entries().map((entry) => ({ ...entry, status: 'done' }));
    save(done);
    await quiet();
    expect(entries()).toEqual(done);
    expect(await words('greet')).toBeNull();
    save([GREET]);
    await quiet();
    expect(await words('greet')).toContain(GREET.title);
    expect(entries()).toEqual([{ ...GREET, status: 'proposed' }]);
  });

  it('is worked on once a person commits it, and goes on when it is deleted then', async () => {
    const { save, quiet, words, entries, front, conversation } = await inQueue();
    save([
      { ...GREET, intent: `${GREET.intent}\n\n\`\`\`js\n// src/greet.js\nexport const greet = (n) => n;\n\`\`\`\n` },
    ]);
    await quiet();
    await front.mirror();
    const { id = '' } = (await conversation('greet')) ?? {};
    await front.press('local', await front.post(`stories:${id}`), 'commit');
    const [task] = await front.tools.unitOfWork.tables.find('story_tasks', {});
    expect(task).toMatchObject({ requester: 'local', state: 'ready' });
    await quiet();
    expect(entries()).toMatchObject([
      { owner: 'ada', status: 'in-progress', lastRun: { task: task?.number, outcome: 'in progress' } },
    ]);
    save([]);
    await quiet();
    expect(await words('greet')).toContain(GREET.title);
    expect(await front.tools.unitOfWork.tables.find('story_tasks', { state: 'ready' })).toHaveLength(1);
  });

  it('is not believed from another branch than the base', async () => {
    const { save, quiet, words, repository, conversation } = await inQueue();
    save([GREET]);
    await quiet();
    repository.git('switch', '-q', '-c', 'draft');
    save([{ id: 'new', title: GREET.title }]);
    await quiet();
    expect([await words('greet'), await conversation('new')]).toEqual([expect.stringContaining(GREET.title), null]);
  });

  it('that was forgotten does not come back', async () => {
    const { save, quiet, words, front, conversation, entries } = await inQueue();
    save([GREET]);
    await quiet();
    await front.desk.forget('local', (await conversation('greet'))?.id ?? '');
    save(entries().map((entry) => ({ ...entry, title: 'Again' })));
    await quiet();
    expect(await words('greet')).toBeNull();
  });

  it('posts nothing outside of the room', async () => {
    const { save, quiet, front } = await inQueue();
    save([GREET]);
    await quiet();
    await front.mirror();
    expect(await front.tools.surfacePosts.due('queue-file', 10)).toEqual([]);
  });
});

describe('writing back', () => {
  it('keeps what somebody saved meanwhile, and writes by id', async () => {
    let saved = 0;
    const other = { id: 'other', title: 'Something else', status: 'on-hold' };
    let save: (content: readonly object[]) => void = () => {};
    const between = (real: QueueFiles): QueueFiles => ({
      ...real,
      async replace(repo, read, text) {
        saved += 1;
        if (saved === 1) save([other, GREET]);
        return real.replace(repo, read, text);
      },
    });
    const queue = await inQueue(between);
    ({ save } = queue);
    save([GREET]);
    await queue.quiet();
    expect(saved).toBe(2);
    expect(queue.entries()).toEqual([other, { ...GREET, status: 'proposed' }]);
  });

  it('leaves every other byte as it is', async () => {
    const { save, quiet, text } = await inQueue();
    const odd = `{ "v":1.50,\n  "tasks": [\n    { "id": "greet",  "intent": ${JSON.stringify(GREET.intent)},\n      "criteria": ${JSON.stringify(GREET.acceptanceCriteria)}, "x": [ 1 ] }\n  ]\n}`;
    save(odd);
    await quiet();
    expect(text()).toBe(odd.replace('"x": [ 1 ]', '"x": [ 1 ], "status": "proposed"'));
  });
});

describe('a queue that cannot be read', () => {
  const broken = '[\n  { "id": "greet", }\n]\n';

  it('is said once in the project’s channel with its line, and again when it is well', async () => {
    const { save, quiet, posted, restart, front, projectId, words } = await inQueue();
    save([GREET]);
    await quiet();
    save(broken);
    for (let look = 0; look < 3; look += 1) await quiet();
    await restart();
    await quiet();
    const posts = await front.tools.posts.thread({ kind: 'project', id: projectId });
    const said = posts.filter(({ key }) => key.startsWith('queue-file:'));
    expect(said.map(({ card, version }) => [card.lead, version])).toEqual([
      [expect.stringMatching(/^factory\/tasks\/queue\.json cannot be used: line 2:20 /), 1],
    ]);
    expect(posted[0]).toMatchObject({ id: said[0]?.id, card: { tone: 'bad' } });
    expect(await words('greet')).toContain(GREET.title);
    save([GREET]);
    await quiet();
    expect(posted.at(-1)?.card).toMatchObject({ tone: 'good' });
  });

  it('stands in the doctor, and so does an entry that is left out', async () => {
    const { save, front, repository } = await inQueue();
    const check = () => checkQueues(createQueueFiles(), front.tools.unitOfWork.tables);
    save([GREET]);
    expect(await check()).toEqual([]);
    save(broken);
    expect(await check()).toMatchObject([{ state: 'warning', detail: expect.stringContaining('line 2:20') }]);
    save([GREET, { id: 'b' }]);
    expect(await check()).toMatchObject([{ state: 'warning', detail: expect.stringContaining('entry "b"') }]);
    const file = join(repository.path, QUEUE_FILE);
    rmSync(file);
    symlinkSync('/etc/passwd', file);
    expect(await check()).toMatchObject([{ state: 'warning', detail: expect.stringContaining('link') }]);
  });

  it('takes no words back of an entry that is only broken', async () => {
    const { save, quiet, words } = await inQueue();
    save([GREET]);
    await quiet();
    save([
      { ...GREET, title: 5 },
      { ...GREET, id: 'other' },
    ]);
    await quiet();
    expect(await words('greet')).toContain(GREET.title);
  });
});

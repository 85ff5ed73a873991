import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Front } from '#test/desk/front.ts';
import { eachIntake, INTAKE_TIMEOUT_MS } from './open-intake.ts';
import type { Intake, Workspace } from './open-intake.ts';

const IDEA = 'We need greet(name) in src/greet.js.';

let front: Front;
let intake: Intake;
let slack: Workspace;
eachIntake((opened) => {
  ({ front, intake, slack } = opened);
});

const EXPORT = exported();

/** As ChatGPT exports it. */
function exported(): Buffer {
  const say = (id: string, parent: string | null, role: string, text: string) => ({
    id,
    parent,
    children: [],
    message: { id, author: { role }, create_time: 1_760_000_000, content: { content_type: 'text', parts: [text] } },
  });
  const nodes = [
    { id: 'root', parent: null, children: ['a'], message: null },
    { ...say('a', 'root', 'user', 'Please write greet(name).'), children: ['b'] },
    say('b', 'a', 'assistant', 'Sure.'),
  ];
  const conversation = {
    title: 'Greetings from a chat',
    create_time: 1_760_000_000,
    update_time: 1_760_000_000,
    mapping: Object.fromEntries(nodes.map((node) => [node.id, node])),
    current_node: 'b',
    conversation_id: 'c-1',
  };
  return Buffer.from(zipSync({ 'conversations.json': strToU8(JSON.stringify([conversation])) }));
}

const titles = async () =>
  (await front.tools.unitOfWork.conversations.list(intake.projectId)).map(({ title }) => title);

describe('files in Slack', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('of text join the words that they came with, and those of a thread that comes in', async () => {
    const { ana, ben } = slack.people;
    const code = 'export const greet = (name) => `Hello, ${name}`;\n';
    const idea = ana.say('ideas', `@workbench ${IDEA}`, {
      files: [{ name: 'notes.md', content: 'It must be quick.' }],
    });
    await intake.quiet();
    ben.say('ideas', 'Here it is.', {
      thread: idea,
      files: [{ name: 'greet.js', content: code, mimetype: 'text/plain' }],
    });
    await intake.quiet();
    expect(await intake.kept('ideas', idea.ts)).toEqual([
      ['Ana', 'person', `${IDEA}\n\nIt must be quick.`],
      ['Ben', 'person', `Here it is.\n\n\`\`\`greet.js\n${code}\`\`\``],
    ]);
    const old = ana.say('ideas', '', { files: [{ name: 'old.txt', content: 'We need part(name).' }] });
    ben.react(old, 'factory');
    await intake.quiet();
    expect(await intake.kept('ideas', old.ts)).toEqual([['Ana', 'person', 'We need part(name).']]);
  });

  it('that hold exported conversations become ideas of their own, in a thread and in a direct message', async () => {
    const { ana } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    ana.say('ideas', '', { thread: idea, files: [{ name: 'export.zip', content: EXPORT }] });
    await intake.quiet();
    expect((await titles()).toSorted()).toEqual(['Greetings from a chat', IDEA]);
    expect(intake.told('ana')).toContain('I took in one conversation from export.zip.');
    ana.tell('workbench', 'My talk of yesterday.', { files: [{ name: 'export.zip', content: EXPORT }] });
    await intake.quiet();
    expect((await titles()).toSorted()).toEqual(['Greetings from a chat', IDEA]);
  });

  it('that are none of ours to read are left alone, and broken ones are told of', async () => {
    const { ana } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    ana.say('ideas', '', { thread: idea, files: [{ name: 'board.png', content: Buffer.from([1, 0, 2]) }] });
    ana.say('lounge', 'for fun', { files: [{ name: 'export.zip', content: EXPORT }] });
    await intake.quiet();
    expect(intake.told('ana')).toBe('');
    expect(await titles()).toEqual([IDEA]);
    ana.say('ideas', '', { thread: idea, files: [{ name: 'broken.zip', content: Buffer.from('no zip') }] });
    ana.say('ideas', '', { thread: idea, files: [{ name: 'huge.txt', content: Buffer.alloc(1024 * 1024 + 1, 'a') }] });
    await intake.quiet();
    expect(intake.told('ana')).toContain('huge.txt is over 1 MB');
    expect(intake.told('ana')).toContain('broken.zip');
    expect(await intake.kept('ideas', idea.ts)).toHaveLength(1);
    slack.apps.workbench.scopes.delete('files:read');
    ana.say('ideas', '', { thread: idea, files: [{ name: 'more.txt', content: 'More.' }] });
    await intake.quiet();
    expect(intake.told('ana')).toContain('Slack did not let me read more.txt.');
  });

  it('never get the token to a host that is not Slack, also when a message says they lie there', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('stolen');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { ana } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    const app = [...slack.workspace.apps.values()].find(({ name }) => name === 'workbench');
    if (app === undefined) throw new Error('there is no app');
    const addresses = [
      `http://127.0.0.1:${port}/a.txt`,
      'http://files.slack.com/a.txt',
      'https://files.slack.com.evil.example/a',
    ];
    for (const [n, url] of addresses.entries()) {
      slack.publisher.toApp('message.channels', app, {
        type: 'message',
        subtype: 'file_share',
        user: ana.id,
        channel: slack.channels.ideas,
        thread_ts: idea.ts,
        ts: `1999999999.00010${n}`,
        text: '',
        files: [{ id: `F${n}`, name: `a${n}.txt`, mimetype: 'text/plain', size: 6, url_private: url }],
      });
    }
    await intake.quiet();
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toEqual([]);
    for (const n of addresses.keys()) expect(intake.told('ana')).toContain(`a${n}.txt does not lie in Slack`);
  });
});

import { describe, expect, it } from 'vitest';
import { chatgptConversation, message } from '#test/intake/support/chatgpt-export.ts';
import {
  importAll,
  jsonSource,
  readOne,
  refusalOf,
  skippedCounts,
  textSource,
} from '#test/intake/support/import-all.ts';

const read = (conversation: unknown) => readOne(jsonSource('conversations.json', [conversation]));

describe('a ChatGPT conversation', () => {
  it('becomes speakers, roles, times, positions and ids', async () => {
    const { conversation } = await read(
      chatgptConversation([
        message('user', 'Split chores', { create_time: 1770000001.5 }),
        message('assistant', 'A small page would do'),
      ]),
    );
    expect(conversation).toEqual({
      id: 'c-1',
      title: 'A plan',
      source: 'chatgpt',
      messages: [
        {
          position: 0,
          speaker: 'You',
          role: 'person',
          at: '2026-02-02T02:40:01.500Z',
          text: 'Split chores',
          originId: 'n1',
        },
        { position: 1, speaker: 'ChatGPT', role: 'assistant', at: null, text: 'A small page would do', originId: 'n2' },
      ],
      skipped: [],
    });
  });

  it('may come as a single object instead of a list', async () => {
    const { lines } = await readOne(jsonSource('one.json', chatgptConversation([message('user', 'Hello')])));
    expect(lines).toEqual(['You: Hello']);
  });

  it('may lack content_type, metadata, current_node and children', async () => {
    const mapping = {
      a: { id: 'a', parent: null, message: { id: 'a', author: { role: 'user' }, content: { parts: ['Q'] } } },
      b: { id: 'b', parent: 'a', message: { id: 'b', author: { role: 'assistant' }, content: { parts: ['A'] } } },
    };
    expect((await read({ id: 'x', title: 'T', mapping })).lines).toEqual(['You: Q', 'ChatGPT: A']);
  });

  it('derives the same id from the same content where the export has none', async () => {
    const one = await read(chatgptConversation([message('user', 'Hello')], { conversation_id: undefined }));
    const again = await read(
      chatgptConversation([message('user', 'Hello')], { conversation_id: undefined, title: 'Renamed' }),
    );
    const other = await read(chatgptConversation([message('user', 'Bye')], { conversation_id: undefined }));
    expect(one.conversation.id).toMatch(/^sha256-[0-9a-f]{16}$/);
    expect(again.conversation.id).toBe(one.conversation.id);
    expect(other.conversation.id).not.toBe(one.conversation.id);
  });
});

describe('what a ChatGPT import leaves out, counted with its reason', () => {
  const text = (content: string) => ({ content_type: 'text', parts: [content] });
  it.each([
    ['system', message('system', 'You are helpful')],
    ['tool', message('tool', 'search results')],
    ['tool-call', message('assistant', text('{"q": 1}'), { recipient: 'browser' })],
    ['canvas', message('assistant', text('{"name": "doc"}'), { recipient: 'canmore.create_textdoc' })],
    ['hidden', message('user', 'hidden', { metadata: { is_visually_hidden_from_conversation: true } })],
    ['hidden', message('user', 'hidden', { metadata: { is_visually_hidden: true } })],
    ['hidden', message('assistant', 'no weight', { weight: 0 })],
    ['thoughts', message('assistant', { content_type: 'thoughts', thoughts: [{ summary: 's', content: 'c' }] })],
    ['thoughts', message('assistant', { content_type: 'reasoning_recap', content: 'Thought for 7 seconds' })],
    ['context', message('user', { content_type: 'user_editable_context', user_profile: 'p', user_instructions: 'i' })],
    ['tool', message('assistant', { content_type: 'execution_output', text: '42' })],
    ['browsing', message('assistant', { content_type: 'tether_browsing_display', result: 'page' })],
    ['browsing', message('assistant', { content_type: 'sonic_webpage', text: 'page' })],
    ['error', message('assistant', { content_type: 'system_error', text: 'oops' })],
    ['unknown-author', message('critic', 'who?')],
    ['empty', message('assistant', '  ')],
    ['image', message('user', { content_type: 'multimodal_text', parts: [{ content_type: 'image_asset_pointer' }] })],
    ['unknown-part', message('user', { content_type: 'multimodal_text', parts: [{ content_type: 'hologram' }] })],
  ])('%s', async (kind, dropped) => {
    const { conversation, lines } = await read(
      chatgptConversation([message('user', 'Hello'), dropped, message('assistant', 'Hi')]),
    );
    expect(lines).toEqual(['You: Hello', 'ChatGPT: Hi']);
    expect(conversation.messages.map(({ position }) => position)).toEqual([0, 1]);
    expect(skippedCounts(conversation)).toEqual({ [kind]: 1 });
    expect(conversation.skipped[0]?.reason).toMatch(/^[A-Z].*\.$/);
  });

  it('recipient "all" and weight 1 are kept', async () => {
    const { lines } = await read(chatgptConversation([message('assistant', 'Kept', { recipient: 'all', weight: 1 })]));
    expect(lines).toEqual(['ChatGPT: Kept']);
  });
});

describe('ChatGPT content', () => {
  it('keeps the words of a picture message and of a voice message', async () => {
    const { lines, conversation } = await read(
      chatgptConversation([
        message('user', {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'image_asset_pointer' }, 'This is the home screen.'],
        }),
        message('user', {
          content_type: 'multimodal_text',
          parts: [
            { content_type: 'audio_transcription', text: 'Reminders are a must.', direction: 'in' },
            { content_type: 'real_time_user_audio_video_asset_pointer' },
            { content_type: 'audio_asset_pointer' },
          ],
        }),
      ]),
    );
    expect(lines).toEqual(['You: This is the home screen.', 'You: Reminders are a must.']);
    expect(skippedCounts(conversation)).toEqual({ image: 1, audio: 2 });
  });

  it('fences code so that backticks in it cannot close the fence', async () => {
    const { lines } = await read(
      chatgptConversation([message('assistant', { content_type: 'code', language: 'python', text: 'x = "```"' })]),
    );
    expect(lines).toEqual(['ChatGPT: ````python\nx = "```"\n````']);
  });

  it.each([
    ['A page.\ue200cite\ue202turn0search0\ue202turn0search1\ue201 Next', 'A page. Next'],
    ['\ue200entity\ue202["people","Ada Lovelace"]\ue201 wrote it', 'Ada Lovelace wrote it'],
    ['See \ue200link_title\ue202The manual\ue202turn0search2\ue201.', 'See The manual.'],
    ['Open \ue200cite\ue202turn1view0', 'Open'],
    ['Known 【11†source】 and 【4:2†file.pdf】.', 'Known and.'],
    ['Old :contentReference[oaicite:0]{index=0} mark', 'Old  mark'],
    ['【重要】期限を守る', '【重要】期限を守る'],
  ])('strips citation marks: %j', async (raw, shown) => {
    expect((await read(chatgptConversation([message('assistant', raw)]))).lines).toEqual([`ChatGPT: ${shown}`]);
  });
});

describe('the way through a ChatGPT tree', () => {
  const node = (id: string, parent: string | null, time: number | null, more: Record<string, unknown> = {}) => [
    id,
    { id, parent, message: { id, ...message('user', id), create_time: time }, ...more },
  ];
  const tree = (nodes: unknown[][], current?: unknown) => ({
    id: 't',
    title: 'Tree',
    mapping: Object.fromEntries(nodes as [string, unknown][]),
    ...(current === undefined ? {} : { current_node: current }),
  });
  const branched = [node('a', null, 1), node('old', 'a', 2), node('older', 'old', 3), node('new', 'a', 9)];

  it('follows current_node although another branch is deeper, and counts the others', async () => {
    const { lines, conversation } = await read(tree(branched, 'new'));
    expect(lines).toEqual(['You: a', 'You: new']);
    expect(skippedCounts(conversation)).toEqual({ 'other-branch': 2 });
  });

  it('follows current_node although another branch is newer', async () => {
    expect((await read(tree(branched, 'older'))).lines).toEqual(['You: a', 'You: old', 'You: older']);
  });

  it.each([[null], ['not-in-the-file'], [undefined]])('with current_node %j takes the newest leaf', async (current) => {
    expect((await read(tree(branched, current))).lines).toEqual(['You: a', 'You: new']);
  });

  it('takes the leaf that stands last where no times tell', async () => {
    expect((await read(tree([node('a', null, null), node('x', 'a', null), node('y', 'a', null)]))).lines).toEqual([
      'You: a',
      'You: y',
    ]);
  });

  it('ignores metadata.parent_id', async () => {
    const nodes = tree(
      [
        node('a', null, 1),
        ['b', { id: 'b', parent: 'a', message: message('user', 'b', { metadata: { parent_id: 'gone' } }) }],
      ],
      'b',
    );
    expect((await read(nodes)).lines).toEqual(['You: a', 'You: b']);
  });

  it('finds the way by children where parents are missing', async () => {
    const nodes = [
      ['a', { id: 'a', children: ['b'], message: message('user', 'a') }],
      ['b', { id: 'b', children: [], message: message('user', 'b') }],
    ];
    expect((await read(tree(nodes, 'b'))).lines).toEqual(['You: a', 'You: b']);
  });

  it('cuts a circle and says so', async () => {
    const { lines, problems } = await read(tree([node('a', 'b', 1), node('b', 'a', 2)], 'b'));
    expect(lines).toEqual(['You: a', 'You: b']);
    expect(problems).toEqual([expect.stringContaining('circle')]);
    expect((await read(tree([node('a', 'b', 1), node('b', 'a', 2)]))).lines).toEqual(['You: a', 'You: b']);
  });

  it('survives null nodes and says when the start is missing', async () => {
    const { lines, problems, conversation } = await read(tree([['gone', null], node('b', 'gone', 2)], 'b'));
    expect(lines).toEqual(['You: b']);
    expect(problems).toEqual([expect.stringContaining('what came before it is missing')]);
    expect(skippedCounts(conversation)).toEqual({ missing: 1 });
  });

  it('reads a mapping whose ids are names of object properties', async () => {
    const raw = `[{"id":"p","title":"P","mapping":{"__proto__":{"id":"__proto__","parent":null,"message":${JSON.stringify(message('user', 'one'))}},"constructor":{"id":"constructor","parent":"__proto__","message":${JSON.stringify(message('user', 'two'))}}}}]`;
    expect((await readOne(textSource('p.json', raw))).lines).toEqual(['You: one', 'You: two']);
  });
});

describe('damaged entries', () => {
  it('are reported by number and title, and the others are read', async () => {
    const good = chatgptConversation([message('user', 'Hello')]);
    const { conversations, problems } = await importAll(
      jsonSource('conversations.json', [
        { id: 'c', title: 'No tree' },
        good,
        null,
        { id: 'd', title: 'Empty tree', mapping: {} },
      ]),
    );
    expect(conversations.map(({ id }) => id)).toEqual(['c-1']);
    expect(problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Entry 1 ("No tree")'),
      expect.stringContaining('Entry 3'),
      expect.stringContaining('Entry 4 ("Empty tree")'),
    ]);
  });

  it('a conversation without a word is a problem that says what was left out', async () => {
    const silent = chatgptConversation([message('system', 'Be nice')]);
    const error = await refusalOf(jsonSource('conversations.json', [silent]));
    expect(error.code).toBe('no-messages');
    expect(error.message).toContain('1 system');
  });

  it('the same conversation twice is kept once and reported', async () => {
    const good = chatgptConversation([message('user', 'Hello')]);
    const { conversations, problems } = await importAll(jsonSource('conversations.json', [good, good]));
    expect(conversations).toHaveLength(1);
    expect(problems).toEqual([{ file: 'conversations.json', reason: expect.stringContaining('more than once') }]);
  });
});

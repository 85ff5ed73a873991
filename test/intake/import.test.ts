import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { bytesSource, type FileSource } from '#src/intake/file-source.ts';
import { importConversations } from '#src/intake/import.ts';
import { chatgptConversation, message } from '#test/intake/support/chatgpt-export.ts';
import { endingOf, importAll, jsonSource, readOne, refusalOf, textSource } from '#test/intake/support/import-all.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const good = chatgptConversation([message('user', 'Hello'), message('assistant', 'Hi')]);

describe('a file of which nothing can be read is refused with what, why and what to do', () => {
  it.each<[string, string, FileSource]>([
    ['nothing in it', 'empty-file', bytesSource('a.json', bytes())],
    ['only blanks', 'empty-file', textSource('a.txt', ' \n\t\n')],
    ['only a byte-order mark', 'empty-file', bytesSource('a.txt', bytes(0xef, 0xbb, 0xbf))],
    ['null bytes', 'binary-file', bytesSource('a.json', bytes(1, 2, 0, 4))],
    ['a PDF', 'binary-file', textSource('chat.txt', '%PDF-1.7 …')],
    ['a picture', 'binary-file', bytesSource('chat.json', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a))],
    ['a gzip archive', 'binary-file', bytesSource('chat.zip', bytes(0x1f, 0x8b, 8))],
    ['other JSON', 'not-a-conversation', jsonSource('package.json', { name: 'x', version: '1' })],
    ['an empty list', 'not-a-conversation', jsonSource('a.json', [])],
    ['a list of numbers', 'not-a-conversation', jsonSource('a.json', [1, 2, 3])],
    ['a JSON scalar', 'not-a-conversation', textSource('a.json', 'null')],
    [
      'a long list of something else',
      'not-a-conversation',
      jsonSource(
        'a.json',
        Array.from({ length: 5_000 }, (_each, id) => ({ id })),
      ),
    ],
    ['JSON that stops', 'truncated-json', textSource('a.json', '[{"mapping": {"a": {"id"')],
    ['JSON with a fault', 'malformed-json', textSource('a.json', '[{"mapping": {]}]')],
    ['JSON without bottom', 'json-too-deep', textSource('a.json', '['.repeat(100_000))],
    ['an object without bottom', 'json-too-deep', textSource('a.json', '{"mapping":'.repeat(5_000))],
    [
      'Gemini',
      'unsupported-format',
      jsonSource('a.json', [{ header: 'Gemini Apps', title: 'Prompted hi', products: ['Gemini Apps'] }]),
    ],
    [
      'Grok',
      'unsupported-format',
      jsonSource('a.json', { conversations: [{ conversation: { id: '1' }, responses: [] }] }),
    ],
    ['DiscordChatExporter', 'unsupported-format', jsonSource('a.json', { guild: {}, channel: {}, messages: [] })],
    [
      'Slack',
      'unsupported-format',
      jsonSource('a.json', [{ type: 'message', user: 'U1', text: 'hi', ts: '1456789.000002' }]),
    ],
    [
      'Telegram',
      'unsupported-format',
      jsonSource('a.json', { name: 'x', messages: [{ from_id: 'u', date_unixtime: '1' }] }),
    ],
    ['LibreChat', 'unsupported-format', jsonSource('a.json', { conversationId: 'x', messages: [] })],
    ['HTML', 'unsupported-format', textSource('chat.html', '<!DOCTYPE html><html><body>Ana: hi</body></html>')],
    ['RTF', 'unsupported-format', textSource('a.rtf', '{\\rtf1 hello}')],
  ])('%s: %s', async (what, code, source) => {
    const error = await refusalOf(source);
    expect(error).toBeInstanceOf(FactoryError);
    expect(error.code).toBe(code);
    expect(error.message).toContain(source.name);
    expect(error.message).toMatch(/\.$/);
    expect(error.fix).toMatch(/^[A-Z].*\.$/);
    expect(error.message).toContain(code === 'unsupported-format' ? what : '');
  });

  it('the name does not matter', async () => {
    const { conversation } = await readOne(jsonSource('holiday.jpg', [good]));
    expect(conversation.source).toBe('chatgpt');
  });
});

describe('encodings', () => {
  it('reads UTF-8 with a byte-order mark, UTF-16 and Windows-1252', async () => {
    const text = 'Ana: schön\nBob: über\nAna: für';
    const utf16 = new Uint8Array(
      new Uint16Array([0xfeff, ...Array.from(text, (letter) => letter.charCodeAt(0))]).buffer,
    );
    const latin = new Uint8Array(Array.from(text, (letter) => letter.charCodeAt(0)));
    for (const source of [textSource('a', `\ufeff${text}`), bytesSource('a', utf16), bytesSource('a', latin)]) {
      expect((await readOne(source)).lines).toEqual(['Ana: schön', 'Bob: über', 'Ana: für']);
    }
    expect((await readOne(textSource('a.json', `\ufeff${JSON.stringify([good])}`))).conversation.id).toBe('c-1');
  });

  it('a character cut by the end of a chunk stays whole', async () => {
    const raw = new TextEncoder().encode(JSON.stringify([chatgptConversation([message('user', 'schön 👩‍💻 fertig')])]));
    const source: FileSource = {
      name: 'a.json',
      sizeBytes: raw.byteLength,
      async *open() {
        for (let at = 0; at < raw.byteLength; at += 1) yield raw.subarray(at, at + 1);
      },
    };
    expect((await readOne(source)).lines).toEqual(['You: schön 👩‍💻 fertig']);
  });

  it('hidden characters do not get in', async () => {
    const { lines, conversation } = await readOne(
      jsonSource('a.json', [
        chatgptConversation([message('user', 'safe\u{e0041}\u202e\u200b')], { title: 'T\u200b\ni' }),
      ]),
    );
    expect(lines).toEqual(['You: safe']);
    expect(conversation.title).toBe('T i');
  });
});

describe('a file that breaks part of the way', () => {
  it('gives the conversations before the break and reports the rest', async () => {
    const raw = JSON.stringify([good, { ...good, conversation_id: 'c-2' }]);
    const { conversations, problems } = await importAll(textSource('a.json', raw.slice(0, -40)));
    expect(conversations.map(({ id }) => id)).toEqual(['c-1']);
    expect(problems).toEqual([{ file: 'a.json', reason: expect.stringContaining('stops in the middle') }]);
  });

  it('cut or garbled anywhere it never ends in anything but a FactoryError', async () => {
    const raw = new TextEncoder().encode(
      JSON.stringify([
        good,
        { uuid: 'k', name: 'K', chat_messages: [{ uuid: 'm', sender: 'human', text: 'x' }] },
        good,
      ]),
    );
    const damage = fc.record({
      keep: fc.nat(raw.byteLength),
      at: fc.nat(raw.byteLength - 1),
      byte: fc.nat(255),
      garble: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ keep, at, byte, garble }) => {
        const damaged = raw.slice(0, keep);
        if (garble && at < damaged.byteLength) damaged[at] = byte;
        expect(await endingOf(bytesSource('a.json', damaged))).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });

  it('any JSON at all is answered politely', async () => {
    const strange = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 0, '', 'a', true),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'mapping',
            'message',
            'parent',
            'content',
            'parts',
            'author',
            'role',
            'chat_messages',
            'messages',
            'text',
            'speaker',
            'i',
            'sender',
            'content_type',
            'id',
            'children',
            'a',
            '__proto__',
          ),
          tie('node'),
          { maxKeys: 5 },
        ),
      ),
    })).node;
    await fc.assert(
      fc.asyncProperty(fc.array(strange, { maxLength: 3 }), async (value) => {
        expect(await endingOf(jsonSource('a.json', value))).toBeTypeOf('string');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('limits', () => {
  it('a conversation of too many messages is refused, the others are read', async () => {
    const long = chatgptConversation(
      Array.from({ length: 6 }, () => message('user', 'x')),
      { conversation_id: 'long', title: 'Long' },
    );
    const { conversations, problems } = await importAll(jsonSource('a.json', [long, good]), { maxMessages: 5 });
    expect(conversations.map(({ id }) => id)).toEqual(['c-1']);
    expect(problems[0]?.reason).toContain('"Long" holds more than 5 messages');
  });

  it('a conversation of too many bytes is left out without being held, the others are read', async () => {
    const large = chatgptConversation([message('user', 'x'.repeat(200_000))], { conversation_id: 'large' });
    const { conversations, problems } = await importAll(jsonSource('a.json', [large, good]), {
      maxConversationBytes: 50_000,
    });
    expect(conversations.map(({ id }) => id)).toEqual(['c-1']);
    expect(problems).toEqual([{ file: 'a.json', reason: expect.stringContaining('larger than 50,000 bytes') }]);
  });

  it('a large file of a known but unread format is still named', async () => {
    const discord = { guild: { id: '1' }, channel: { id: '2' }, messages: [{ content: 'x'.repeat(200_000) }] };
    expect((await refusalOf(jsonSource('a.json', discord), { maxConversationBytes: 50_000 })).code).toBe(
      'unsupported-format',
    );
  });

  it('a text over the limit is refused', async () => {
    expect((await refusalOf(textSource('a.txt', 'word '.repeat(100)), { maxConversationBytes: 100 })).code).toBe(
      'conversation-too-large',
    );
  });

  it('100,000 messages are read', async () => {
    const many = chatgptConversation(
      Array.from({ length: 100_000 }, (_each, index) => message(index % 2 === 0 ? 'user' : 'assistant', `m${index}`)),
    );
    const { conversation } = await readOne(jsonSource('a.json', [many]));
    expect(conversation.messages).toHaveLength(100_000);
    expect(conversation.messages.at(-1)).toMatchObject({ position: 99_999, text: 'm99999' });
  });
});

it('gives up on an endless list of something else', async () => {
  const source: FileSource = {
    name: 'log.json',
    sizeBytes: Number.MAX_SAFE_INTEGER,
    async *open() {
      yield new TextEncoder().encode('[{"level": "info"}');
      for (let pieces = 0; ; pieces += 1) {
        if (pieces > 10_000) throw new Error('read on for ever');
        yield new TextEncoder().encode(',{"level": "info"}');
      }
    },
  };
  expect((await refusalOf(source)).code).toBe('not-a-conversation');
});

it('closes the source when the reader stops early', async () => {
  let closed = 0;
  const raw = new TextEncoder().encode(JSON.stringify([good, { ...good, conversation_id: 'c-2' }]));
  const source: FileSource = {
    name: 'a.json',
    sizeBytes: raw.byteLength,
    async *open() {
      try {
        for (let at = 0; at < raw.byteLength; at += 64) yield raw.subarray(at, at + 64);
        for (;;) yield new Uint8Array([0x20]);
      } finally {
        closed += 1;
      }
    },
  };
  for await (const item of importConversations(source)) {
    if (item.kind === 'conversation') break;
  }
  expect(closed).toBe(1);
});

import { describe, expect, it } from 'vitest';
import { readOne, skippedCounts, textSource } from '#test/intake/support/import-all.ts';

const read = (text: string) => readOne(textSource('talk.txt', text));

describe('a transcript', () => {
  it.each([
    ['plain', 'Ana: We need chores\nBob: With reminders\nAna: Yes'],
    ['bold, colon inside', '**Ana:** We need chores\n\n**Bob:** With reminders\n\n**Ana:** Yes'],
    ['bold, colon outside', '**Ana**: We need chores\n**Bob**: With reminders\n**Ana**: Yes'],
    ['times in brackets', '[00:01] Ana: We need chores\n[00:05] Bob: With reminders\n[01:00:09] Ana: Yes'],
    ['times behind the name', 'Ana (10:32): We need chores\nBob (10:33): With reminders\nAna (10:34): Yes'],
    ['times with a dash', '10:32 - Ana: We need chores\n10:33 - Bob: With reminders\n10:35 - Ana: Yes'],
    ['Windows line ends', 'Ana: We need chores\r\nBob: With reminders\r\nAna: Yes\r\n'],
    ['text under the label', 'Ana:\nWe need chores\n\nBob:\nWith reminders\n\nAna:\nYes'],
  ])('is read in the style: %s', async (_style, text) => {
    const { conversation, lines } = await read(text);
    expect(conversation.source).toBe('transcript');
    expect(lines).toEqual(['Ana: We need chores', 'Bob: With reminders', 'Ana: Yes']);
    expect(conversation.messages.every(({ role }) => role === 'person')).toBe(true);
  });

  it.each(['ChatGPT', 'Assistant', 'Claude', 'AI', 'Copilot', 'GitHub Copilot', 'Gemini', 'GPT-4o'])(
    'takes %s for an assistant',
    async (name) => {
      const { conversation } = await read(`You: Plan it\n${name}: Here is a plan`);
      expect(conversation.messages.map(({ role }) => role)).toEqual(['person', 'assistant']);
    },
  );

  it('reads role headings and what the ChatGPT page gives when copied', async () => {
    expect((await read('# My chat\n\n## User\n\nHello\n\n## Assistant\n\nHi there')).lines).toEqual([
      'User: Hello',
      'Assistant: Hi there',
    ]);
    expect((await read('You said:\nHello\nChatGPT said:\nHi there')).lines).toEqual([
      'You: Hello',
      'ChatGPT: Hi there',
    ]);
  });

  it('takes its title from a heading before the first speaker, and counts other lines there', async () => {
    const { conversation } = await read('# Chores\nRecorded on Monday\n\nAna: one\nBob: two\nAna: three');
    expect(conversation.title).toBe('Chores');
    expect(skippedCounts(conversation)).toEqual({ preamble: 2 });
  });

  it('keeps a date that a line gives', async () => {
    const { conversation } = await read(
      '[2026-03-01 09:05] Ana: one\n[2026-03-01 09:06:30] Bob: two\n[10:00] Ana: three',
    );
    expect(conversation.messages.map(({ at }) => at)).toEqual([
      '2026-03-01T09:05:00.000Z',
      '2026-03-01T09:06:30.000Z',
      null,
    ]);
  });

  it('finds no speakers in fenced code, even when the fence follows the name', async () => {
    const { lines } = await read('User: Show it\nAssistant: ```yaml\nAna: 1\nBob: 2\nAna: 3\n```\nDone.\nUser: Thanks');
    expect(lines).toEqual(['User: Show it', 'Assistant: ```yaml\nAna: 1\nBob: 2\nAna: 3\n```\nDone.', 'User: Thanks']);
  });

  it('keeps lines such as "Note:" with the one who speaks', async () => {
    const { lines } = await read('Ana: We decided\nNote: no accounts\nhttps://example.org\nBob: Fine\nAna: Good');
    expect(lines[0]).toBe('Ana: We decided\nNote: no accounts\nhttps://example.org');
  });

  it.each([
    ['a list of fields', 'Product: Chores\nMarket: Flatmates\nPrice: Free\nLaunch: May'],
    ['a document with notes', 'We want an app.\n\nNote: it must work offline.\nNote: no accounts.'],
    ['one label in prose', 'Ana: said that we need it. That was all.'],
    ['headings about assistants', '# Exports\n\n## ChatGPT\n\nA list.\n\n## Claude\n\nA zip.'],
    ['settings', 'host: localhost\nport: 80\nuser: me\nname: x'],
  ])('%s is no transcript but one message by You', async (_what, text) => {
    const { conversation, lines } = await read(text);
    expect(lines).toEqual([`You: ${text}`]);
    expect(['text', 'markdown']).toContain(conversation.source);
  });
});

describe('a text without speakers', () => {
  it('is Markdown when it is marked up so, titled by its heading', async () => {
    const { conversation } = await readOne(textSource('idea.md', '# Chore app\n\n- offline\n'));
    expect(conversation).toMatchObject({ source: 'markdown', title: 'Chore app' });
  });

  it('is plain text otherwise, titled by the file', async () => {
    const { conversation } = await readOne(textSource('folder/my idea.txt', 'I want an app for flatmates.'));
    expect(conversation).toMatchObject({ source: 'text', title: 'my idea' });
    expect(conversation.messages[0]).toMatchObject({ speaker: 'You', role: 'person' });
  });
});

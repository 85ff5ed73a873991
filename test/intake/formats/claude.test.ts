import { describe, expect, it } from 'vitest';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { importAll, jsonSource, readOne, skippedCounts } from '#test/intake/support/import-all.ts';

const ROOT = '00000000-0000-4000-8000-000000000000';
const said = (
  uuid: string,
  sender: string,
  parent: string | null | undefined,
  content: unknown[],
  more: Record<string, unknown> = {},
) => ({
  uuid,
  sender,
  created_at: `2025-12-08T17:00:0${uuid.slice(1)}.000Z`,
  ...(parent === undefined ? {} : { parent_message_uuid: parent }),
  content,
  ...more,
});
const words = (text: string) => ({ type: 'text', text });
const read = (messages: unknown[]) =>
  readOne(jsonSource('conversations.json', [{ uuid: 'k', name: 'Chores', chat_messages: messages }]));

describe('a Claude conversation', () => {
  it('reads content blocks, not the flat text', async () => {
    const { conversation } = await read([
      said('m1', 'human', ROOT, [words('Which town?')], {
        text: 'This block is not supported on your current device yet.',
      }),
      said('m2', 'assistant', 'm1', [{ type: 'thinking', thinking: 'hm' }, words('Ravello.'), words('It is quiet.')]),
    ]);
    expect(conversation).toMatchObject({ id: 'k', title: 'Chores', source: 'claude' });
    expect(conversation.messages).toEqual([
      {
        position: 0,
        speaker: 'You',
        role: 'person',
        at: '2025-12-08T17:00:01.000Z',
        text: 'Which town?',
        originId: 'm1',
      },
      {
        position: 1,
        speaker: 'Claude',
        role: 'assistant',
        at: '2025-12-08T17:00:02.000Z',
        text: 'Ravello.\n\nIt is quiet.',
        originId: 'm2',
      },
    ]);
    expect(skippedCounts(conversation)).toEqual({ thoughts: 1 });
  });

  it('reads the 2024 shape: text only, in order, no parents', async () => {
    const { lines } = await read([
      { uuid: 'm1', text: 'Turn this around', sender: 'human', created_at: '2024-10-18T05:30:20.458713Z' },
      { uuid: 'm2', text: 'Done', sender: 'assistant', created_at: '2024-10-18T05:30:20.458713Z' },
    ]);
    expect(lines).toEqual(['You: Turn this around', 'Claude: Done']);
  });

  it('falls back to the flat text without its placeholder', async () => {
    const text = 'Before\n```\nThis block is not supported on your current device yet.\n```\nAfter';
    expect((await read([said('m1', 'assistant', null, [], { text })])).lines).toEqual(['Claude: Before\nAfter']);
  });

  it('takes the way to the newest leaf and counts the other branch', async () => {
    const { lines, conversation } = await read([
      said('m1', 'human', ROOT, [words('Where?')]),
      said('m2', 'assistant', 'm1', [words('Positano.')]),
      said('m3', 'assistant', 'm1', [words('Ravello.')]),
      said('m4', 'human', 'm3', [words('Why?')]),
    ]);
    expect(lines).toEqual(['You: Where?', 'Claude: Ravello.', 'You: Why?']);
    expect(skippedCounts(conversation)).toEqual({ 'other-branch': 1 });
  });

  it('cuts a circle and says when the start is missing', async () => {
    const circle = await read([said('m1', 'human', 'm2', [words('a')]), said('m2', 'assistant', 'm1', [words('b')])]);
    expect(circle.lines).toEqual(['You: a', 'Claude: b']);
    expect(circle.problems).toEqual([expect.stringContaining('circle')]);
    const cut = await read([said('m2', 'assistant', 'm1', [words('b')])]);
    expect(cut.problems).toEqual([expect.stringContaining('what came before it is missing')]);
  });

  it('leaves out tools, artifacts, budgets, blank entries and unknown senders, each counted', async () => {
    const { lines, conversation } = await read([
      said('m1', 'human', ROOT, [words('Go')]),
      null,
      said('m2', 'assistant', 'm1', [
        { type: 'tool_use', name: 'bash_tool', input: {} },
        { type: 'tool_result', content: [] },
        { type: 'tool_use', name: 'artifacts', input: {} },
        { type: 'token_budget' },
      ]),
      said('m3', 'narrator', 'm2', [words('aside')]),
      said('m4', 'assistant', 'm3', []),
      said('m5', 'assistant', 'm4', [words('Done')]),
    ]);
    expect(lines).toEqual(['You: Go', 'Claude: Done']);
    expect(skippedCounts(conversation)).toEqual({
      'tool-call': 1,
      tool: 1,
      artifact: 1,
      bookkeeping: 1,
      'unknown-author': 1,
      empty: 1,
      missing: 1,
    });
  });

  it('appends what was pasted as an attachment, as the words of the person', async () => {
    const { lines } = await read([
      said('m1', 'human', ROOT, [words('See notes')], {
        attachments: [{ file_name: 'paste.txt', extracted_content: 'It must work offline.' }],
      }),
    ]);
    expect(lines).toEqual(['You: See notes\n\nIt must work offline.']);
  });

  it('shows attached code in a fence that does not ask for a file, and counts what has no text once', async () => {
    const { conversation, lines } = await read([
      said('m1', 'human', ROOT, [], {
        attachments: [{ file_name: 'src/Form.tsx', extracted_content: 'export {};\n' }, { file_name: 'photo.png' }],
        files: [{ file_name: 'photo.png' }],
      }),
    ]);
    expect(lines[0]).toContain('src/Form.tsx');
    expect(lines[0]).toContain('```\nexport {};\n```');
    expect(findCodeBlocks(conversation.messages)).toEqual([]);
    expect(skippedCounts(conversation)).toEqual({ file: 1 });
  });

  it('an empty or damaged conversation is reported between the others', async () => {
    const good = { uuid: 'k', name: 'Good', chat_messages: [said('m1', 'human', ROOT, [words('Hi')])] };
    const { conversations, problems } = await importAll(
      jsonSource('c.json', [
        good,
        { uuid: 'e', name: 'Empty', chat_messages: [] },
        { uuid: 'n', name: 'Null', chat_messages: null },
      ]),
    );
    expect(conversations).toHaveLength(1);
    expect(problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('"Empty"'),
      expect.stringContaining('"Null"'),
    ]);
  });
});

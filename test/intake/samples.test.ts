import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '#src/intake/file-source.ts';
import { importAll, refusalOf } from '#test/intake/support/import-all.ts';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const samples = `${shared}samples/`;
const ideas = `${shared}ideas/`;
const open = (path: string) => bytesSource(path.replace(/^.*\//, ''), readFileSync(path));

describe.skipIf(!existsSync(samples))('sample exports (skipped where the folder ../shared/samples is absent)', () => {
  it.each<[string, string, [string, number, string][], number]>([
    [
      'export-studio_example.json',
      'chatgpt',
      [
        ['conv-001', 4, ''],
        ['conv-002', 2, ''],
      ],
      0,
    ],
    [
      'export-studio_sample_export.zip',
      'chatgpt',
      [
        ['conv-001', 4, ''],
        ['conv-002', 2, ''],
      ],
      0,
    ],
    ['librechat_chatgpt-citations.json', 'chatgpt', [['d6523d1e-7ec3-474f-a363-0e9dffdb3d93', 1, 'tool 1']], 1],
    [
      'librechat_chatgpt-export_real_2024.json',
      'chatgpt',
      [
        ['d6523d1e-7ec3-474f-a363-0e9dffdb3d93', 6, 'system 1, tool-call 4, tool 5'],
        ['7c5ab593-dbab-43bd-862d-2c3c1eeebf6a', 4, 'system 1'],
      ],
      0,
    ],
    [
      'librechat_chatgpt-modern-export_2025.json',
      'chatgpt',
      [['6b0f0d9c-0000-4000-8000-000000000001', 4, 'context 1']],
      1,
    ],
    [
      'librechat_chatgpt-tree_branches.json',
      'chatgpt',
      [['d5dc5307-6807-41a0-8b04-4acee626eeb7', 6, 'system 1, other-branch 5']],
      0,
    ],
    [
      'librechat_claude-fixture_branches_tools.json',
      'claude',
      [
        ['claude-branched', 3, 'other-branch 1'],
        ['claude-tools', 2, 'file 2, tool-call 1, tool 2, artifact 1, bookkeeping 1'],
      ],
      0,
    ],
    ['simonw_claude-to-sqlite_example.json', 'claude', [['1db4c66e-b369-4e3a-96a9-6c16f8301ee8', 2, 'file 1']], 0],
    [
      'synthetic/chatgpt_2026_sharded.zip',
      'chatgpt',
      [
        ['c-000', 5, 'thoughts 2, image 1, audio 1, other-branch 1'],
        ['c-001', 1, ''],
      ],
      1,
    ],
    ['synthetic/conversations-000.json', 'chatgpt', [['c-000', 5, 'thoughts 2, image 1, audio 1, other-branch 1']], 0],
    ['synthetic/conversations-001.json', 'chatgpt', [['c-001', 1, '']], 1],
  ])('%s imports', async (file, source, expected, problems) => {
    const imported = await importAll(open(`${samples}${file}`));
    expect(
      imported.conversations.map(({ id, messages, skipped }) => [
        id,
        messages.length,
        skipped.map(({ kind, count }) => `${kind} ${count}`).join(', '),
      ]),
    ).toEqual(expected);
    expect(imported.conversations.every((conversation) => conversation.source === source)).toBe(true);
    expect(imported.problems).toHaveLength(problems);
  });

  it.each([
    ['slack-export-viewer_testarchive.zip', 'Slack'],
    ['synthetic/gemini_MyActivity.json', 'Gemini'],
    ['synthetic/discord_thread_reply_forward.json', 'Discord'],
  ])('%s is recognised as %s and named as not yet supported', async (file, name) => {
    const error = await refusalOf(open(`${samples}${file}`));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(name);
  });

  it('a manifest alone is no conversation', async () => {
    expect((await refusalOf(open(`${samples}synthetic/export_manifest.json`))).code).toBe('not-a-conversation');
  });
});

const meetings = existsSync(ideas) ? readdirSync(ideas).filter((file) => file.endsWith('.json')) : [];

describe.skipIf(meetings.length === 0)(
  'published meetings (skipped where the folder ../shared/ideas is absent)',
  () => {
    it.each(meetings)('%s imports, each message at its own i', async (file) => {
      const raw = JSON.parse(readFileSync(`${ideas}${file}`, 'utf8')) as {
        id: string;
        messages: { i: number; speaker: string; text: string }[];
      };
      const { conversations, problems } = await importAll(open(`${ideas}${file}`));
      expect(problems).toEqual([]);
      expect(conversations.map(({ id, source, skipped }) => ({ id, source, skipped }))).toEqual([
        { id: raw.id, source: 'meeting', skipped: [] },
      ]);
      expect(conversations[0]?.messages.map(({ position, speaker, role }) => [position, speaker, role])).toEqual(
        raw.messages.map(({ i, speaker }) => [i, speaker, 'person']),
      );
    });
  },
);

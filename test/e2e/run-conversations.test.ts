import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingClone } from '#test/support/repository.ts';
import { ErrorDocument } from './support/documents.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from './support/runs.ts';
import { block, chatgptConversation, nodeProject, oneStory, twoStories, writeExport } from './support/talk.ts';
import type { Turn } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

const fixture = (name: string) => path.join(import.meta.dirname, 'fixtures', name);

describe('run, on every kind of conversation', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
  });
  afterAll(() => workbench.remove());

  const talk = (name: string, turns: readonly Turn[]) =>
    writeExport(workbench.folder, `${name}.json`, chatgptConversation(name, turns));

  it.each(['claude.json', 'transcript.md'])('merges the code of %s', async (name) => {
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, fixture(name), repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', attempts: 1 }] });
    expect(repository.head('main')).toBe(result.tasks[0]?.mergedSha);
  });

  it('reads a sharded zip, asks which conversation, and takes the one that is named', async () => {
    const repository = workingClone(nodeProject);
    const file = path.join(workbench.folder, 'export.zip');
    const shard = (...conversations: unknown[]) => strToU8(JSON.stringify(conversations));
    writeFileSync(
      file,
      zipSync({
        'export_manifest.json': strToU8(
          JSON.stringify({
            version: 1,
            logical_files: {
              'conversations.json': { files: ['conversations-000.json', 'conversations-001.json'], sharded: true },
            },
          }),
        ),
        'conversations-000.json': shard(
          withoutChildren(chatgptConversation('Doubling', oneStory, 'c-one')),
          withoutChildren(chatgptConversation('Twice', oneStory, 'c-two')),
        ),
        'conversations-001.json': shard(withoutChildren(chatgptConversation('Twice', twoStories, 'c-three'))),
        'user.json': strToU8('{}'),
      }),
    );
    for (const [words, mentions] of [
      [[], ['c-one', 'c-two', 'c-three', 'Doubling']],
      [
        ['--conversation', 'Twice'],
        ['c-two', 'c-three'],
      ],
      [['--conversation', 'Nothing'], ['c-one']],
    ] as const) {
      const ran = await workbench.run(['run', file, '--repo', repository.path, ...words]);
      expect(ran.exitCode).toBe(1);
      const { error } = ErrorDocument.parse(ran.document());
      for (const mention of mentions) expect(error.message).toContain(mention);
    }
    const byTitle = await runFile(workbench, file, repository.path, [
      '--approve-as',
      'local',
      '--conversation',
      'Doubling',
    ]);
    expect(byTitle).toMatchObject({ exitCode: 0, conversationId: 'c-one', tasks: [{ state: 'merged' }] });
    const byId = await runFile(workbench, file, workingClone(nodeProject).path, [
      '--approve-as',
      'local',
      '--conversation',
      'c-three',
    ]);
    expect(byId).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }, { state: 'merged' }] });
    expect(byId.conversationId).toContain('c-three');
  });

  it('starts nothing for a conversation without code, and says why', async () => {
    const repository = workingClone(nodeProject);
    const before = repository.git('for-each-ref');
    const result = await runFile(workbench, fixture('no-code.txt'), repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [] });
    expect(result.notStarted.length).toBeGreaterThan(0);
    for (const { reason } of result.notStarted) expect(reason).toMatch(/code/);
    expect(repository.git('for-each-ref')).toBe(before);
  });

  it('writes nothing outside of the repository, whatever path a block names', async () => {
    const repository = workingClone(nodeProject);
    const outside = path.join(path.dirname(repository.path), 'outside.js');
    const hostile = [
      '../outside.js',
      '/tmp/../outside.js',
      outside,
      '.git/hooks/pre-commit',
      'src/../../outside.js',
      '.GIT/config',
    ];
    const result = await runFile(
      workbench,
      talk('hostile', [
        ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
        [
          'assistant',
          [
            block('src/double.js', 'export const double = (n) => 2 * n;'),
            ...hostile.map((name) => block(name, 'export const bad = true;')),
          ].join('\n\n'),
        ],
        ['user', 'Perfect, that is what we need.'],
      ]),
      repository.path,
    );
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(repository.git('diff', '--name-only', 'main~1', 'main').trim()).toBe('src/double.js');
    expect(() => readFileSync(outside)).toThrow(/ENOENT/);
    expect(() => readFileSync(path.join(repository.path, '.git/hooks/pre-commit'))).toThrow(/ENOENT/);
  });

  it('does not write through a link that lies in the repository', async () => {
    const repository = workingClone(nodeProject);
    const outside = path.join(path.dirname(repository.path), 'elsewhere');
    writeFileSync(outside, 'mine\n');
    symlinkSync(outside, path.join(repository.path, 'src/double.js'));
    repository.commit({});
    const result = await runFile(workbench, talk('link', oneStory), repository.path);
    expect(result.exitCode).toBe(3);
    expect(result.tasks[0]).toMatchObject({ state: 'blocked', waitingFor: { kind: 'blocked', who: 'local' } });
    expect(result.tasks[0]?.waitingFor?.text).toContain('src/double.js');
    expect(readFileSync(outside, 'utf8')).toBe('mine\n');
  });

  const diffTalk = (from: string, to: string): readonly Turn[] => [
    ['user', 'Please change one in src/one.js so that it is documented.'],
    [
      'assistant',
      `Apply this:\n\n\`\`\`diff\n--- a/src/one.js\n+++ b/src/one.js\n@@ -1 +1,2 @@\n+/** The first number. */\n-${from}\n+${to}\n\`\`\``,
    ],
    ['user', 'Perfect, that is what we need.'],
  ];

  it('applies a diff that fits, and blocks on one that does not', async () => {
    const repository = workingClone(nodeProject);
    const fits = await runFile(
      workbench,
      talk('fits', diffTalk('export const one = 1;', 'export const one = 1; // still')),
      repository.path,
    );
    expect(fits).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(readFileSync(path.join(repository.path, 'src/one.js'), 'utf8')).toBe(
      '/** The first number. */\nexport const one = 1; // still\n',
    );

    const other = workingClone(nodeProject);
    const misses = await runFile(
      workbench,
      talk('misses', diffTalk('export const one = 2;', 'export const one = 3;')),
      other.path,
    );
    expect(misses.exitCode).toBe(3);
    expect(misses.tasks[0]).toMatchObject({
      state: 'blocked',
      pullRequest: null,
      waitingFor: { kind: 'blocked', who: 'local' },
    });
    expect(misses.tasks[0]?.waitingFor?.text).toMatch(/src\/one\.js does not apply.*Paste/s);
    expect(subjects(other.git)).toEqual(['first']);
    const again = await runFile(workbench, path.join(workbench.folder, 'misses.json'), other.path);
    expect(again).toMatchObject({ exitCode: 3, tasks: misses.tasks });
  });

  it('merges two stories that touch the same file, one after the other', async () => {
    const repository = workingClone(nodeProject);
    const result = await runFile(
      workbench,
      talk('same-file', [
        ['user', 'Please write a function two() in src/numbers.js. two() must return 2.'],
        ['assistant', block('src/numbers.js', 'export const two = () => 2;')],
        ['user', 'Perfect, that is what we need.'],
        ['user', 'Please also add a function three() to src/numbers.js. three() must return 3.'],
        ['assistant', block('src/numbers.js', 'export const two = () => 2;\nexport const three = () => 3;')],
        ['user', 'Great, thanks.'],
      ]),
      repository.path,
    );
    expect(result).toMatchObject({ exitCode: 0 });
    for (const task of result.tasks) expect(task.state).toBe('merged');
    expect(readFileSync(path.join(repository.path, 'src/numbers.js'), 'utf8')).toBe(
      'export const two = () => 2;\nexport const three = () => 3;\n',
    );
    await expectSound(workbench);
  });
});

/** As exports of 2026 have them: the nodes do not name their children. */
function withoutChildren(conversation: Record<string, unknown>): Record<string, unknown> {
  const mapping = conversation['mapping'] as Record<string, Record<string, unknown>>;
  return {
    ...conversation,
    mapping: Object.fromEntries(
      Object.entries(mapping).map(([id, { parent, message }]) => [id, { id, parent, message }]),
    ),
  };
}

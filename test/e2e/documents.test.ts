import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingClone } from '#test/support/repository.ts';
import {
  AnchorDocument,
  CanvasDocument,
  DoctorDocument,
  ErrorDocument,
  ImportDocument,
  LedgerDocument,
  ReplayDocument,
} from './support/documents.ts';
import { E2E_TIMEOUT_MS, runFile } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, twoStories, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('what the commands print', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let one: string;
  let two: string;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
    one = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory, 'c-one'));
    two = writeExport(
      workbench.folder,
      'two.json',
      chatgptConversation('Doubling', oneStory, 'c-one'),
      chatgptConversation('Twice', twoStories, 'c-two'),
    );
  });
  afterAll(() => workbench.remove());

  const failed = async (words: readonly string[]) => {
    const ran = await workbench.run(words);
    expect(ran.exitCode).toBe(1);
    const { error } = ErrorDocument.parse(ran.document());
    expect(error.code).not.toBe('unexpected');
    return error;
  };

  it('import: what is there, what was skipped, what could not be read', async () => {
    const ran = await workbench.run(['import', two]);
    expect(ran.exitCode).toBe(0);
    expect(ImportDocument.parse(ran.document())).toMatchObject({
      conversations: [
        { id: 'c-one', title: 'Doubling', source: 'chatgpt', messageCount: oneStory.length },
        { id: 'c-two', title: 'Twice', source: 'chatgpt', messageCount: twoStories.length },
      ],
      problems: [],
    });
  });

  it('import: a shard that is listed and absent is a problem, not an end', async () => {
    const file = path.join(workbench.folder, 'missing-shard.zip');
    const manifest = {
      version: 1,
      logical_files: {
        'conversations.json': { files: ['conversations-000.json', 'conversations-001.json'], sharded: true },
      },
    };
    writeFileSync(
      file,
      zipSync({
        'export_manifest.json': strToU8(JSON.stringify(manifest)),
        'conversations-000.json': strToU8(JSON.stringify([chatgptConversation('Doubling', oneStory)])),
      }),
    );
    const ran = await workbench.run(['import', file]);
    expect(ran.exitCode).toBe(0);
    const document = ImportDocument.parse(ran.document());
    expect(document.conversations).toHaveLength(1);
    expect(document.problems).toEqual([
      { file: expect.stringContaining('conversations-001.json'), reason: expect.any(String) },
    ]);
  });

  it('canvas: every field, and positions that exist', async () => {
    const ran = await workbench.run(['canvas', two, '--conversation', 'Twice']);
    expect(ran.exitCode).toBe(0);
    const canvas = CanvasDocument.parse(ran.document());
    expect(canvas.conversationId).toBe('c-two');
    expect(canvas.features.length).toBeGreaterThan(0);
    for (const { evidence } of canvas.features) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(Math.max(...evidence)).toBeLessThan(twoStories.length);
    }
    expect((await failed(['canvas', two])).message).toMatch(/c-one.*c-two/s);
  });

  it('ledger verify, ledger anchor, replay and doctor (C31)', async () => {
    await runFile(workbench, one, workingClone(nodeProject).path);
    const verified = LedgerDocument.parse((await workbench.run(['ledger', 'verify'])).document());
    expect(verified).toMatchObject({ verified: true, firstBad: null });
    expect(verified.head.seq).toBe(verified.events);
    // The run noted the head beside the database, at its start and at its end.
    expect(verified.anchors).toBeGreaterThan(0);
    const anchor = AnchorDocument.parse((await workbench.run(['ledger', 'anchor'])).document());
    expect(anchor).toMatchObject(verified.head);
    const against = async (words: string) => {
      const ran = await workbench.run(['ledger', 'verify', '--anchor', words]);
      return { exitCode: ran.exitCode, ...LedgerDocument.parse(ran.document()) };
    };
    const { seq, hash } = anchor;
    expect(await against(`${seq}:${hash}`)).toMatchObject({ exitCode: 0, anchors: verified.anchors + 1 });
    expect(await against(`${seq + 1}:${hash}`)).toMatchObject({ exitCode: 1, verified: false });
    const all = await workbench.run(['replay', '--verify']);
    expect(all.exitCode).toBe(0);
    expect(ReplayDocument.parse(all.document())).toMatchObject({ run: null, events: verified.events, differences: [] });
    const doctor = await workbench.run(['doctor']);
    const diagnosis = DoctorDocument.parse(doctor.document());
    expect(doctor.exitCode).toBe(diagnosis.ok ? 0 : 1);
    expect(diagnosis.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'sandbox', 'git']));
  });

  it('words that are not understood', async () => {
    const codes = [];
    for (const words of [
      ['import'],
      ['import', one, two],
      ['import', '--bogus', one],
      ['canvas'],
      ['run', one],
      ['ledger', 'rewrite'],
      ['doctor', 'now'],
    ]) {
      codes.push((await failed(words)).code);
    }
    expect(new Set(codes)).toEqual(new Set(['usage']));
    expect((await failed(['dance'])).code).toBe('no-such-command');
    expect((await failed(['replay', 'no-such-run'])).message).toContain('no-such-run');
  });

  it('settings that will not do', async () => {
    const ran = await workbench.run(['doctor'], { env: { PORT: 'high', SANDBOX: 'perhaps' } });
    expect(ran.exitCode).toBe(1);
    expect(ErrorDocument.parse(ran.document()).error).toMatchObject({
      code: 'bad-setting',
      message: expect.stringMatching(/PORT.*SANDBOX/s),
    });
  });

  it('files that are no conversation: each is named by what is wrong with it', async () => {
    const write = (name: string, content: string | Uint8Array) => {
      const file = path.join(workbench.folder, name);
      writeFileSync(file, content);
      return file;
    };
    const whole = JSON.stringify([chatgptConversation('Doubling', oneStory)]);
    const folder = path.join(workbench.folder, 'folder');
    mkdirSync(folder);
    const bad: [string, string][] = [
      [write('empty.json', ''), 'empty-file'],
      [write('cut.json', whole.slice(0, whole.length - 200)), 'truncated-json'],
      [write('list.json', '[1, 2, 3]'), 'not-a-conversation'],
      [
        write(
          'noise.bin',
          Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256),
        ),
        'binary-file',
      ],
      [
        write('bomb.zip', zipSync({ 'conversations.json': new Uint8Array(64 * 1024 * 1024) }, { level: 9 })),
        'zip-bomb',
      ],
      [path.join(workbench.folder, 'nowhere.json'), 'no-such-file'],
      [folder, 'not-a-file'],
    ];
    const repository = workingClone(nodeProject);
    for (const [file, code] of bad) {
      for (const words of [
        ['import', file],
        ['canvas', file],
        ['run', file, '--repo', repository.path],
      ]) {
        const error = await failed(words);
        expect([words[0], path.basename(file), error.code]).toEqual([words[0], path.basename(file), code]);
        expect(error.message).toContain(path.basename(file));
      }
    }
  });

  it('reads 100,000 messages', async () => {
    const said = [
      'As a member I want to see what we read next.',
      'That sounds like a list.',
      'Yes, and it must work offline.',
      'Noted.',
    ];
    const turns = Array.from(
      { length: 100_000 },
      (_, index) => [index % 2 === 0 ? 'user' : 'assistant', `${said[index % said.length]} (${index})`] as const,
    );
    const file = writeExport(workbench.folder, 'long.json', chatgptConversation('Long', turns));
    const imported = await workbench.run(['import', file]);
    expect(ImportDocument.parse(imported.document()).conversations).toMatchObject([{ messageCount: 100_000 }]);
    const drawn = await workbench.run(['canvas', file]);
    expect(drawn.exitCode).toBe(0);
    expect(CanvasDocument.parse(drawn.document()).features.length).toBeGreaterThan(0);
  });
});

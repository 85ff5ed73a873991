import { strToU8, zipSync, type Zippable } from 'fflate';
import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { bytesSource, type FileSource } from '#src/intake/file-source.ts';
import { chatgptConversation, message } from '#test/intake/support/chatgpt-export.ts';
import { endingOf, importAll, refusalOf } from '#test/intake/support/import-all.ts';

const json = (value: unknown) => strToU8(JSON.stringify(value));
const conversation = (id: string) =>
  chatgptConversation([message('user', `Hello from ${id}`)], { conversation_id: id });
const manifest = (...files: string[]) =>
  json({ version: 1, logical_files: { 'conversations.json': { files, sharded: true } } });
const zip = (files: Zippable, name = 'export.zip') => bytesSource(name, zipSync(files));
const ids = (imported: { conversations: { id: string }[] }) => imported.conversations.map(({ id }) => id);

/** The zip in small pieces, as a disk gives it. */
function inPieces(source: FileSource, size: number): FileSource {
  return {
    ...source,
    async *open() {
      for await (const chunk of source.open()) {
        for (let at = 0; at < chunk.byteLength; at += size) yield chunk.subarray(at, at + size);
      }
    },
  };
}

describe('a zip', () => {
  it('of 2026 is read shard by shard; uploads, pages and macOS twins are not', async () => {
    const source = zip({
      'conversations-000.json': json([conversation('a'), conversation('b')]),
      'conversations-001.json': [json([conversation('c')]), { level: 0 }],
      'export_manifest.json': manifest('conversations-000.json', 'conversations-001.json'),
      'file_0001.dat': json([conversation('upload')]),
      'chat.html': strToU8('<html>chat</html>'),
      'user.json': json({}),
      'shared_conversations.json': json([{ id: 's', conversation_id: 'a', title: 'Shared' }]),
      '__MACOSX/._conversations-000.json': strToU8('\u0000\u0005\u0016\u0007'),
      'deep/._x.json': json([conversation('twin')]),
    });
    for (const size of [1, 7, 1_000_000]) {
      const imported = await importAll(inPieces(source, size));
      expect(ids(imported)).toEqual(['a', 'b', 'c']);
      expect(imported.problems).toEqual([]);
    }
  });

  it('reports a shard that the manifest lists and the zip does not hold', async () => {
    const imported = await importAll(
      zip({
        'x/conversations-000.json': json([conversation('a')]),
        'x/export_manifest.json': manifest('conversations-000.json', 'conversations-001.json'),
      }),
    );
    expect(ids(imported)).toEqual(['a']);
    expect(imported.problems).toEqual([
      { file: 'conversations-001.json', reason: expect.stringContaining('not in the zip') },
    ]);
  });

  it('reports shards that are empty, damaged or not JSON, and reads the others', async () => {
    const imported = await importAll(
      zip({
        'conversations-000.json': json([conversation('a')]),
        'conversations-001.json': json([]),
        'conversations-002.json': strToU8('[{"mapping": {'),
        'conversations-003.json': strToU8('hello'),
      }),
    );
    expect(ids(imported)).toEqual(['a']);
    expect(imported.problems.map(({ file }) => file)).toEqual([
      'conversations-001.json',
      'conversations-002.json',
      'conversations-003.json',
    ]);
  });

  it('of Claude is read past its other lists', async () => {
    const chat = { uuid: 'k', name: 'K', chat_messages: [{ uuid: 'm', sender: 'human', text: 'Hi' }] };
    const imported = await importAll(
      zip({
        'users.json': json([{ uuid: 'u', full_name: 'A' }]),
        'projects.json': json([{ uuid: 'p', name: 'P' }]),
        'conversations.json': json([chat]),
      }),
    );
    expect(ids(imported)).toEqual(['k']);
    expect(imported.problems).toEqual([]);
  });

  it('of texts is read text by text, source code is not', async () => {
    const imported = await importAll(
      zip({
        'a/one.txt': strToU8('An idea'),
        'two.vtt': strToU8('WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Hi.'),
        'src/x.ts': strToU8('let x;'),
      }),
    );
    expect(imported.conversations.map(({ title, source }) => [title, source])).toEqual([
      ['one', 'text'],
      ['two', 'webvtt'],
    ]);
  });

  it('of Slack is named as such', async () => {
    const error = await refusalOf(
      zip({
        'channels.json': json([{ id: 'C1', name: 'general' }]),
        'general/2026-01-01.json': json([{ type: 'message', ts: '1456.0001', text: 'x' }]),
      }),
    );
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain('Slack');
  });

  it.each([
    [
      'an office document',
      { '[Content_Types].xml': strToU8('<x/>'), 'word/document.xml': strToU8('<x/>') },
      'unsupported-format',
    ],
    ['source code alone', { 'src/x.ts': strToU8('let x;') }, 'not-a-conversation'],
    ['a web page', { 'chat.html': strToU8('<html>chat</html>') }, 'no-messages'],
    ['nothing', {}, 'empty-file'],
  ])('of %s is refused', async (_what, files, code) => {
    expect((await refusalOf(zip(files))).code).toBe(code);
  });
});

describe('a hostile zip', () => {
  it('that grows too much is refused before it is unpacked', async () => {
    const bomb = zip({ 'conversations.json': new Uint8Array(24 * 1024 * 1024).fill(0x20) });
    expect((await refusalOf(bomb)).code).toBe('zip-bomb');
    expect((await refusalOf(bomb, { ratioFloorBytes: 64 * 1024 * 1024 })).code).not.toBe('zip-bomb');
  });

  it('that unpacks to more than the limit, or holds too many files, is refused', async () => {
    const files = { 'a.json': json([conversation('a')]), 'b.json': json([conversation('b')]) };
    expect((await refusalOf(zip(files), { maxUnpackedBytes: 200 })).code).toBe('zip-bomb');
    expect((await refusalOf(zip(files), { maxEntries: 1 })).code).toBe('zip-bomb');
    expect(ids(await importAll(zip(files), { maxEntries: 2 }))).toEqual(['a', 'b']);
  });

  const edited = (change: (view: DataView, list: number) => void): FileSource => {
    const raw = zipSync({ 'conversations.json': json([conversation('a')]), 'more.json': json([conversation('b')]) });
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    let list = 0;
    while (view.getUint32(list, true) !== 0x02014b50) list += 1;
    change(view, list);
    return bytesSource('export.zip', raw);
  };

  it('whose files share their bytes is refused', async () => {
    const second = (view: DataView, list: number) => list + 46 + view.getUint16(list + 28, true);
    const overlapping = edited((view, list) => view.setUint32(second(view, list) + 42, 10, true));
    expect((await refusalOf(overlapping)).code).toBe('zip-bomb');
  });

  it('that lies about a size is stopped at the size it claimed', async () => {
    const imported = await importAll(edited((view, list) => view.setUint32(list + 24, 5, true)));
    expect(ids(imported)).toEqual(['b']);
    expect(imported.problems).toEqual([
      { file: 'conversations.json', reason: expect.stringContaining('larger than it says') },
    ]);
  });

  it('whose bytes changed on the way is reported by its checksum', async () => {
    const imported = await importAll(edited((view, list) => view.setUint32(list + 16, 1, true)));
    expect(imported.problems).toEqual([{ file: 'conversations.json', reason: expect.stringContaining('is damaged') }]);
  });

  it('with a password says so', async () => {
    expect((await refusalOf(edited((view, list) => view.setUint16(list + 8, 1, true)))).code).toBe('encrypted-zip');
  });

  it('that was cut short says so', async () => {
    const raw = zipSync({ 'conversations.json': json([conversation('a')]) });
    expect((await refusalOf(bytesSource('export.zip', raw.subarray(0, raw.byteLength - 30)))).code).toBe('corrupt-zip');
  });

  it('cut or garbled anywhere never ends in anything but a FactoryError', async () => {
    const raw = zipSync({
      'conversations-000.json': json([conversation('a')]),
      'export_manifest.json': manifest('conversations-000.json'),
      'notes.txt': strToU8('x'),
    });
    const changes = fc.array(fc.record({ at: fc.nat(raw.byteLength - 1), byte: fc.nat(255) }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(changes, fc.oneof(fc.constant(raw.byteLength), fc.nat(raw.byteLength)), async (bytes, keep) => {
        const damaged = raw.slice();
        for (const { at, byte } of bytes) damaged[at] = byte;
        expect(await endingOf(bytesSource('export.zip', damaged.subarray(0, keep)))).toBeTypeOf('string');
      }),
      { numRuns: 1_000 },
    );
  });
});

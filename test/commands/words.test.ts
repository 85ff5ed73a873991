import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canvasCommand, readConversations } from '#src/commands/canvas.ts';
import { commands } from '#src/commands/commands.ts';
import { diskFile, hashFile } from '#src/commands/disk-file.ts';
import { importCommand } from '#src/commands/import.ts';
import { parseWords } from '#src/commands/parse.ts';
import { loadConfig } from '#src/config.ts';
import { chooseConversation } from '#src/desk/take-in.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

let folder: TempFolder;

beforeAll(async () => {
  folder = await createTempFolder();
  await writeFile(
    path.join(folder.path, 'talk.txt'),
    'Ada: We need a greeting page.\nGrace: It should greet by name.\n',
  );
  await writeFile(path.join(folder.path, 'empty.txt'), '');
});
afterAll(() => folder.remove());

const context = (argv: string[]) => ({
  argv,
  config: loadConfig({}, folder.path),
  cwd: folder.path,
  host: { cwd: folder.path, npmProgram: null, registryHost: null, path: null, env: {} },
  json: true,
});

describe('the words of a command', () => {
  const parse = (...argv: string[]) =>
    parseWords(argv, 'run FILE --repo PATH', { repo: { type: 'string' } }, { min: 1, max: 1 });

  it('are read as options and names', () => {
    expect(parse('talk.txt', '--repo', '/srv/r')).toMatchObject({
      positionals: ['talk.txt'],
      values: { repo: '/srv/r' },
    });
  });

  it.each([[[]], [['a', 'b']], [['a', '--unknown']], [['a', '--repo']]])(
    'that will not do are answered with the line that would: %j',
    (argv) => {
      expect(() => parse(...argv)).toThrowError(
        expect.objectContaining({ code: 'usage', fix: 'Use: workbench run FILE --repo PATH' }),
      );
    },
  );
});

describe('commands', () => {
  it('have names of their own and say how they are used', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { name, usage, summary } of commands) {
      expect(usage.startsWith(name)).toBe(true);
      expect(summary).toMatch(/\.$/);
    }
  });
});

describe('files that people name', () => {
  it.each([
    ['nothing.txt', 'no-such-file'],
    ['.', 'not-a-file'],
  ])('%s are refused as %s', async (name, code) => {
    await expect(diskFile(folder.path, name)).rejects.toMatchObject({ code });
  });

  it('are hashed by their bytes', async () => {
    const hash = await hashFile(await diskFile(folder.path, 'empty.txt'));
    expect(hash).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('import and canvas', () => {
  it('read a transcript without keeping anything', async () => {
    const imported = await importCommand.run(context(['talk.txt']));
    expect(imported).toMatchObject({ exitCode: 0, document: { conversations: [{ messageCount: 2 }], problems: [] } });
    const canvas = await canvasCommand.run(context(['talk.txt']));
    expect(canvas.document).toMatchObject({
      conversationId: expect.any(String),
      features: expect.any(Array),
      openQuestions: expect.any(Array),
    });
  });

  it('refuse a file of which nothing can be read', async () => {
    await expect(canvasCommand.run(context(['empty.txt']))).rejects.toMatchObject({ fix: expect.any(String) });
    await expect(importCommand.run(context(['empty.txt']))).rejects.toMatchObject({ fix: expect.any(String) });
  });
});

describe('which conversation is meant', () => {
  it('is clear when there is one, and asked with a list when there are several', async () => {
    const [only] = await readConversations(folder.path, 'talk.txt');
    if (only === undefined) throw new Error('the transcript holds a conversation');
    const other = { ...only, id: 'other' };
    expect(chooseConversation([only], null)).toBe(only);
    expect(chooseConversation([only, other], 'other')).toBe(other);
    expect(() => chooseConversation([only, other], null)).toThrowError(
      expect.objectContaining({ code: 'which-conversation', message: expect.stringContaining('other') }),
    );
    expect(() => chooseConversation([only, other], only.title)).toThrowError(
      expect.objectContaining({ code: 'which-conversation' }),
    );
    expect(() => chooseConversation([only], 'nothing')).toThrowError(
      expect.objectContaining({ code: 'no-such-conversation' }),
    );
  });
});

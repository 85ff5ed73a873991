import { describe, expect, it } from 'vitest';
import { codeTools } from '#agents/thinking/tools/code-tools.ts';
import type { ModelTool } from '#agents/thinking/tool.ts';
import type { CheckPlan, PlannedCheck } from '#src/qa/detect-checks.ts';
import { openTestWorktree } from './open-worktree.ts';
import type { TestWorktree } from './open-worktree.ts';

const { signal } = new AbortController();

interface Bench extends TestWorktree {
  use(name: string, args: object): Promise<string>;
}

async function open(files: Readonly<Record<string, string>>, plan: CheckPlan | null = null): Promise<Bench> {
  const opened = await openTestWorktree(files);
  const mayEdit = (path: string) => (path === 'factory.yaml' ? 'It is protected.' : null);
  const tools = new Map<string, ModelTool>(
    codeTools(opened.worktree, { mayEdit, plan, sha: opened.sha }).map((tool) => [tool.name, tool]),
  );
  return {
    ...opened,
    use: async (name, args) => {
      const tool = tools.get(name);
      if (tool === undefined) throw new Error(`There is no ${name}.`);
      return tool.run(args, signal);
    },
  };
}

function planOf(...checks: Partial<PlannedCheck>[]): CheckPlan {
  const plain = { name: 'test', command: 'true', report: null, env: {}, timeoutSeconds: 60 };
  return { prepare: null, checks: checks.map((check) => ({ ...plain, ...check })), source: 'factory.yaml' };
}

const refused = (message: RegExp | string) =>
  expect.objectContaining({
    code: 'tool-refused',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
  });

describe('looking at the tree', () => {
  it('lists files by folder and pattern, as they are now', async () => {
    const { use, sh } = await open({
      'src/a.ts': 'a',
      'src/deep/b.test.ts': 'b',
      'docs/c.md': 'c',
      '.gitignore': 'out/\n',
      'old.txt': 'x',
    });
    await sh('rm old.txt; mkdir out; echo x > out/x; echo n > new.txt');
    expect(await use('list_files', { path: '' })).toBe('.gitignore\ndocs/c.md\nnew.txt\nsrc/a.ts\nsrc/deep/b.test.ts');
    expect(await use('list_files', { path: './src/' })).toBe('src/a.ts\nsrc/deep/b.test.ts');
    expect(await use('list_files', { path: 'src/**/*.test.ts' })).toBe('src/deep/b.test.ts');
    expect(await use('list_files', { path: 'nowhere' })).toContain('no files at "nowhere"');
  });

  it('caps a long list and says what is missing', async () => {
    const { use, sh } = await open({ 'a.txt': '' });
    await sh('mkdir -p many; i=0; while [ $i -lt 400 ]; do : > many/$i; i=$((i+1)); done');
    const listed = (await use('list_files', { path: '' })).split('\n');
    expect(listed).toHaveLength(301);
    expect(listed.at(-1)).toBe('(101 more are not shown; they lie in: many)');
  });

  it('searches exact text and patterns, with line numbers', async () => {
    const { use } = await open({ 'src/a.ts': 'one\nsum(1)\n', 'src/b.ts': 'sumX1X\n', 'bin.dat': 'sum(\0' });
    expect(await use('search', { pattern: 'sum(', regex: false, path: '' })).toBe('src/a.ts:2: sum(1)');
    expect(await use('search', { pattern: 'sum\\W?\\d|X\\d', regex: true, path: 'src' })).toBe(
      'src/a.ts:2: sum(1)\nsrc/b.ts:1: sumX1X',
    );
    expect(await use('search', { pattern: '--untracked', regex: false, path: '' })).toContain('Nothing matches');
    await expect(use('search', { pattern: '(', regex: true, path: '' })).rejects.toEqual(refused('could not search'));
    await expect(use('search', { pattern: 'a\nb', regex: false, path: '' })).rejects.toEqual(refused('spans lines'));
  });

  it('survives a pattern that never ends and lines without end', async () => {
    const { use, sh } = await open({ 'a.txt': `${'a'.repeat(40)}b\n` });
    await sh('head -c 10000000 /dev/zero | tr "\\0" x > big.txt; yes needle | head -n 2000000 > hay.txt');
    const endless = await use('search', { pattern: '^(a+)+$', regex: true, path: 'a.txt' }).catch(String);
    expect(endless).toMatch(/took too long|could not search|Nothing matches/);
    expect(await use('search', { pattern: 'xx', regex: false, path: 'big.txt' })).toContain('too long to show');
    const many = await use('search', { pattern: 'needle', regex: false, path: '' });
    expect(many.split('\n')).toHaveLength(101);
    expect(many).toContain('There are more matches');
  });

  it('reads lines with their numbers, and says what is left out', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index + 1}`);
    const { use } = await open({ 'a.txt': lines.join('\n'), 'crlf.txt': 'a\r\nb\r\n', 'empty.txt': '' });
    const whole = await use('read_file', { path: 'a.txt', from: null, to: null });
    expect(whole.length).toBeLessThan(12_200);
    expect(whole).toMatch(
      /^a\.txt, lines 1 to (\d+) of 2000; lines \d+ to 2000 are left out; read on from \d+\n {3}1\tline 1\n/,
    );
    expect(await use('read_file', { path: 'a.txt', from: 1_999, to: 9_999 })).toBe(
      'a.txt, lines 1999 to 2000 of 2000\n1999\tline 1999\n2000\tline 2000',
    );
    expect(await use('read_file', { path: 'a.txt', from: 3_000, to: null })).toContain('has 2000 lines');
    expect(await use('read_file', { path: 'crlf.txt', from: null, to: null })).toContain('end in CRLF');
    expect(await use('read_file', { path: 'empty.txt', from: null, to: null })).toBe('empty.txt is empty.');
  });

  it('says of binary, huge and absent files what they are', async () => {
    const { use, sh } = await open({ 'a.txt': 'a', 'one-line.txt': 'x'.repeat(50_000) });
    await sh('head -c 10000000 /dev/zero | tr "\\0" x > big.txt; printf "a\\0b" > bin; printf "\\377\\376x" > latin');
    const read = (path: string) => use('read_file', { path, from: null, to: null });
    await expect(read('big.txt')).rejects.toEqual(refused('larger than'));
    await expect(read('bin')).rejects.toEqual(refused('not text'));
    await expect(read('latin')).rejects.toEqual(refused('not text'));
    await expect(read('src/invented.ts')).rejects.toEqual(refused('There is no file "src/invented.ts"'));
    await expect(read('.')).rejects.toEqual(refused('names no file'));
    expect((await read('one-line.txt')).length).toBeLessThan(2_200);
  });
});

describe('changing the tree', () => {
  it('replaces what occurs exactly once, and keeps everything else byte for byte', async () => {
    const { use, text } = await open({ 'a.txt': '\uFEFFone\ntwo\nthree', 'crlf.txt': 'one\r\ntwo\r\n' });
    expect(await use('edit_file', { path: 'a.txt', old: 'two', new: '$& 2\n2' })).toBe(
      'Edited a.txt at line 2: 1 line replaced with 2 lines.',
    );
    expect(await text('a.txt')).toBe('\uFEFFone\n$& 2\n2\nthree');
    await use('edit_file', { path: 'crlf.txt', old: 'one\ntwo', new: 'one\nmore\ntwo' });
    expect(await text('crlf.txt')).toBe('one\r\nmore\r\ntwo\r\n');
    await use('write_file', { path: 'crlf.txt', content: 'a\nb\n' });
    expect(await text('crlf.txt')).toBe('a\r\nb\r\n');
  });

  it('says why an edit does not fit and where it could', async () => {
    const source = 'function add(a, b) {\n\treturn a + b;\n}\nconst x = 1;\nconst x = 1;\n';
    const { use, text } = await open({ 'a.js': source });
    const edit = (old: string) => use('edit_file', { path: 'a.js', old, new: 'y' });
    await expect(edit('const x = 1;')).rejects.toEqual(refused('2 times in a.js (at lines 4, 5)'));
    await expect(edit('{\n  return a + b;\n}')).rejects.toEqual(
      refused('does not occur in a.js; nothing was changed. '),
    );
    await expect(edit('function add(a, b) {\n  return a + b;\n}')).rejects.toEqual(
      refused(/Line 1 on holds the same text/),
    );
    await expect(edit('return a + b + c;')).rejects.toEqual(refused(/nearest lines are\n2: return a \+ b;/));
    await expect(edit('nothing like it')).rejects.toEqual(refused('No line of it is like that'));
    await expect(use('edit_file', { path: 'a.js', old: 'add', new: 'add' })).rejects.toEqual(refused('the same'));
    await expect(use('edit_file', { path: 'b.js', old: 'a', new: 'b' })).rejects.toEqual(refused('There is no file'));
    expect(await text('a.js')).toBe(source);
  });

  it('writes new files and whole ones, and deletes', async () => {
    const { use, text } = await open({ 'a.txt': 'a' });
    expect(await use('write_file', { path: 'new/deep/b.txt', content: 'b' })).toContain('Made new/deep/b.txt');
    expect(await use('write_file', { path: 'a.txt', content: 'c' })).toContain('Replaced all of a.txt');
    await expect(use('write_file', { path: 'a.txt', content: 'c' })).rejects.toEqual(refused('exactly so already'));
    expect(await use('delete_file', { path: 'a.txt' })).toBe('Deleted a.txt.');
    await expect(use('delete_file', { path: 'a.txt' })).rejects.toEqual(refused('There is no file'));
    expect([await text('new/deep/b.txt'), await text('a.txt')]).toEqual(['b', null]);
  });

  it('does not write the mark of a hidden secret over the secret', async () => {
    const { use } = await open({ 'a.txt': 'x\n' });
    const content = 'token = "[redacted GitHub token]"\n';
    await expect(use('write_file', { path: 'a.txt', content })).rejects.toEqual(
      refused('a secret that you cannot see'),
    );
    await expect(use('edit_file', { path: 'a.txt', old: 'x', new: content })).rejects.toEqual(refused('secret'));
  });
});

describe('paths (C02)', () => {
  const hostile = [
    '../outside.txt',
    'src/../../outside.txt',
    '/etc/passwd',
    '~/.ssh/id_ed25519',
    'C:/windows',
    '.git/config',
    './.git/hooks/pre-commit',
    'sub/.GIT/config',
    '.git./config',
    'git~1/config',
    'src\\..\\x',
    'a\0b',
    'a\nb',
    '\u202Etxt.a',
    '',
    'x'.repeat(1_500),
  ];

  it('that leave the repository or cannot be plain are refused to every tool that takes a file', async () => {
    const { use, treeId } = await open({ 'a.txt': 'a' });
    const before = await treeId();
    const tools = [
      ['read_file', { from: null, to: null }],
      ['edit_file', { old: 'a', new: 'b' }],
      ['write_file', { content: 'owned' }],
      ['delete_file', {}],
    ] as const;
    for (const path of hostile) {
      for (const [name, args] of tools) {
        await expect(use(name, { path, ...args }), `${name} ${path}`).rejects.toEqual(refused('was refused'));
      }
    }
    expect(await treeId()).toBe(before);
  });

  it('refuses what is protected, and says why', async () => {
    const { use } = await open({ 'factory.yaml': 'checks: []\n' });
    const reason = refused('You may not change "factory.yaml". It is protected.');
    await expect(use('write_file', { path: './factory.yaml', content: '' })).rejects.toEqual(reason);
    await expect(use('edit_file', { path: 'factory.yaml', old: 'c', new: 'd' })).rejects.toEqual(reason);
    await expect(use('delete_file', { path: 'factory.yaml' })).rejects.toEqual(reason);
    expect(await use('read_file', { path: 'factory.yaml', from: null, to: null })).toContain('checks: []');
  });

  it('goes through no link', async () => {
    const { use, sh } = await open({ 'a.txt': 'a' });
    await sh('ln -s /etc etc; ln -s /etc/passwd passwd; ln -s .git g; ln -s a.txt b.txt; ln -s ../.. up; mkfifo pipe');
    for (const path of ['etc/passwd', 'passwd', 'g/config', 'b.txt', 'up/x', 'pipe']) {
      const link = refused('it is a link, a folder, or lies behind one');
      await expect(use('read_file', { path, from: null, to: null }), path).rejects.toEqual(link);
      await expect(use('write_file', { path, content: 'owned' }), path).rejects.toEqual(link);
      await expect(use('delete_file', { path }), path).rejects.toEqual(link);
    }
    expect(await use('search', { pattern: 'root:', regex: false, path: '' })).toContain('Nothing matches');
    expect((await sh('cat a.txt .git/config')).stdout).toMatch(/^a\[core\]/);
  });

  it('takes no path for an option or for magic of git', async () => {
    const { use, text } = await open({ 'a.txt': 'a' });
    expect(await use('list_files', { path: '--others' })).toContain('no files');
    expect(await use('list_files', { path: ':(top)a.txt' })).toContain('no files');
    await use('write_file', { path: '-rf', content: 'x' });
    expect(await use('delete_file', { path: '-rf' })).toBe('Deleted -rf.');
    expect(await text('a.txt')).toBe('a');
  });
});

describe('running a check', () => {
  const tap = 'TAP version 13\nok 1 - adds\nnot ok 2 - greets\n  ---\n  message: "expected hello"\n  ...\n1..2\n';

  it('shows the exit code, the failing cases first, and the end of the output', async () => {
    const plan = planOf({ command: 'cat cases.tap; echo the end >&2; exit 1', report: { from: 'stdout' } });
    const { use } = await open({ 'cases.tap': tap }, plan);
    const shown = await use('run_check', { name: 'test' });
    expect(shown).toMatch(
      /^The check "test" failed \(exit code 1\)\.\nCases: 1 passed, 1 failed, 0 skipped\.\n\nFailed:\n- greets\n/,
    );
    expect(shown).toMatch(/the end$/);
    expect(await use('run_check', { name: 'test' })).toBe(shown);
  });

  it('knows checks by name only, and says which there are', async () => {
    const { use, text } = await open({ 'a.txt': 'a' }, planOf({ name: 'unit tests' }));
    await expect(use('run_check', { name: 'echo owned > a.txt' })).rejects.toMatchObject({
      message: expect.stringContaining('no check'),
      fix: 'The checks are "unit tests".',
    });
    expect(await text('a.txt')).toBe('a');
    const none = await open({ 'a.txt': 'a' });
    await expect(none.use('run_check', { name: 'test' })).rejects.toMatchObject({
      fix: expect.stringContaining('no checks'),
    });
  });

  it('caps what it prints, strips control characters and redacts secrets (A23, C15)', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const flood = `yes "some words on a line" | head -c 50000000; printf '\\n\\033[2J\\033]0;title\\007\\342\\200\\256'; echo ${token.slice(0, 8)}""${token.slice(8)}; exit 3`;
    const { use } = await open({ 'a.txt': 'a' }, planOf({ command: flood }));
    const shown = await use('run_check', { name: 'test' });
    expect(shown.length).toBeLessThan(6_200);
    expect(shown).toContain('exit code 3');
    expect(shown).toMatch(/left out/);
    expect(shown).not.toMatch(/\u001b|\u0007|\u202e/);
    expect(shown).not.toContain(token);
    expect(shown).toContain('[redacted');
  });

  it('has no network and says when it did not end', async () => {
    const plan = planOf(
      {
        name: 'net',
        command:
          "node -e \"require('net').connect(80, '192.0.2.1').on('error', (e) => { console.log(e.code); process.exit(4) })\"",
      },
      { name: 'slow', command: 'sleep 60', timeoutSeconds: 1 },
    );
    const { use, worktree } = await open({ 'a.txt': 'a' }, plan);
    expect(await use('run_check', { name: 'slow' })).toContain('did not end by itself: it took too long');
    const inside = await worktree.workspace.run({ argv: ['sh', '-c', 'cat /proc/net/route | wc -l'] });
    if (Number(inside.stdout) <= 1) expect(await use('run_check', { name: 'net' })).toContain('exit code 4');
  });

  it('leaves the tree as it was, and says what it undid', async () => {
    const script =
      'echo changed > a.test.js; rm b.txt; echo new > c.txt; git add c.txt; mkdir -p out node_modules/x; echo o > out/o; echo m > node_modules/x/m';
    const { use, treeId, sh } = await open(
      { 'a.test.js': 'test', 'b.txt': 'b', '.gitignore': 'out/\n' },
      planOf({ command: script }),
    );
    await use('write_file', { path: 'mine.txt', content: 'mine' });
    const state = 'git status --porcelain -uall -- . ":!node_modules"; cat a.test.js';
    const [before, status] = [await treeId(), (await sh(state)).stdout];
    expect(await use('run_check', { name: 'test' })).toContain('which was undone: a.test.js, b.txt, c.txt.');
    expect((await sh(state)).stdout).toBe(status);
    expect((await sh('cat out/o node_modules/x/m; rm -r node_modules')).stdout).toBe('o\nm\n');
    expect(await treeId()).toBe(before);
  });

  it('prepares once, and again after a manifest was changed', async () => {
    const plan: CheckPlan = {
      ...planOf({ command: 'cat ../prepared' }),
      prepare: { command: 'echo once >> ../prepared; test ! -e broken', domains: [], timeoutSeconds: 60 },
    };
    const { use } = await open({ 'package.json': '{}' }, plan);
    await use('run_check', { name: 'test' });
    expect(await use('run_check', { name: 'test' })).toMatch(/:\nonce$/);
    await use('write_file', { path: 'package.json', content: '{"a":1}' });
    expect(await use('run_check', { name: 'test' })).toMatch(/once\nonce$/);
    await use('write_file', { path: 'broken', content: '' });
    await use('write_file', { path: 'package.json', content: '{}' });
    expect(await use('run_check', { name: 'test' })).toContain('The check was not run: its preparation failed');
  });
});

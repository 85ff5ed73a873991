import { describe, expect, it } from 'vitest';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { findCodeBlocks } from '#src/intake/markup.ts';

const messageOf = (text: string, position = 0): ConversationMessage => ({
  position,
  speaker: 'ChatGPT',
  role: 'assistant',
  at: null,
  text,
  originId: null,
});
const blocksIn = (text: string) => findCodeBlocks([messageOf(text)]);
const pathsIn = (text: string) => blocksIn(text).map(({ path }) => path);
const fence = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```'].join('\n');
const code = 'export const slug = (t) => t;';

describe('a block names its file in the info string', () => {
  it.each([
    ['js src/slug.js', 'src/slug.js', 'js'],
    ['js title="src/slug.js"', 'src/slug.js', 'js'],
    ["js title='src/my slug.js'", 'src/my slug.js', 'js'],
    ['src/slug.js', 'src/slug.js', null],
    ['slug.js', 'slug.js', null],
    ['js:src/slug.js', 'src/slug.js', 'js'],
    ['JS {filename=src/slug.js}', 'src/slug.js', 'js'],
    ['{filename="src/slug.js"}', 'src/slug.js', null],
    ['js file=src/slug.js {1,3}', 'src/slug.js', 'js'],
    ['ts {1,4-5} showLineNumbers src/a.ts', 'src/a.ts', 'ts'],
    ['js // src/slug.js', 'src/slug.js', 'js'],
    ['js (src/slug.js)', 'src/slug.js', 'js'],
    ['dockerfile Dockerfile', 'Dockerfile', 'dockerfile'],
    ['makefile title="Makefile"', 'Makefile', 'makefile'],
    ['bash scripts/up.sh', 'scripts/up.sh', 'bash'],
    ['c++ src/a.cpp', 'src/a.cpp', 'c++'],
    ['yaml .github/workflows/ci.yml', '.github/workflows/ci.yml', 'yaml'],
    ['js ../outside.js', '../outside.js', 'js'],
    ['js /etc/cron.d/x.js', '/etc/cron.d/x.js', 'js'],
    ['ini .git/config', '.git/config', 'ini'],
  ])('%s', (info, path, language) => {
    expect(blocksIn(fence(info, code))).toEqual([{ position: 0, path, kind: 'file', content: `${code}\n`, language }]);
  });

  it.each([
    'js',
    '',
    'dockerfile',
    'Dockerfile',
    'makefile',
    'node.js',
    'asp.net',
    'python3.11',
    'js {1,3}',
    'diff',
    '12:40:src/app.ts',
    'js a.js b.js',
    'console',
    'text',
  ])('not in %j', (info) => {
    expect(pathsIn(fence(info, code))).toEqual([]);
  });
});

describe('a block names its file in its first line', () => {
  it.each([
    ['js', '// src/slug.js', 'src/slug.js', true],
    ['ts', '// File: src/a.ts', 'src/a.ts', true],
    ['ts', '// src/a.ts - turns titles into slugs', 'src/a.ts', true],
    ['python', '# path/file.py', 'path/file.py', true],
    ['html', '<!-- index.html -->', 'index.html', true],
    ['css', '/* styles.css */', 'styles.css', true],
    ['sql', '-- x.sql', 'x.sql', true],
    ['yaml', '# .github/workflows/ci.yml', '.github/workflows/ci.yml', true],
    ['dockerfile', '# Dockerfile', 'Dockerfile', true],
    ['', '# .env.example', '.env.example', true],
    ['json', '// package.json', 'package.json', false],
    ['css', '// styles.css', 'styles.css', false],
    ['js', '# src/slug.js', 'src/slug.js', false],
    ['html', '// index.html', 'index.html', false],
  ])('%s: %s', (info, line, path, stays) => {
    const [block] = blocksIn(fence(info, line, code));
    expect(block?.path).toBe(path);
    expect(block?.content).toBe(stays ? `${line}\n${code}\n` : `${code}\n`);
  });

  it('after a line that must stay first', () => {
    const lines = ['#!/usr/bin/env node', '// bin/run.js', 'run();'];
    expect(blocksIn(fence('js', ...lines))).toMatchObject([{ path: 'bin/run.js', content: `${lines.join('\n')}\n` }]);
    expect(pathsIn(fence('php', '<?php', '// src/a.php'))).toEqual(['src/a.php']);
  });

  it('once, when the info string names it as well', () => {
    expect(blocksIn(fence('json package.json', '// package.json', '{}'))).toMatchObject([
      { path: 'package.json', content: '{}\n' },
    ]);
  });

  it.each([
    ['a remark', fence('js', '// node.js only', code)],
    ['a remark with e.g.', fence('js', '// e.g. this', code)],
    ['a heading in Markdown', fence('markdown', '# README.md', 'text')],
    ['a commented command', fence('bash', '# package.json', 'npm init -y')],
    ['a page', fence('js', '// https://example.org/a.js', code)],
  ])('not in %s', (_what, text) => {
    expect(pathsIn(text)).toEqual([]);
  });
});

describe('a block is named by the line before it', () => {
  it.each([
    '`src/slug.js`:',
    '**src/slug.js**',
    '**`src/slug.js`**',
    '### src/slug.js',
    '#### `src/slug.js`',
    'File: src/slug.js',
    '**File: `src/slug.js`**',
    'Create `src/slug.js`:',
    'src/slug.js',
    'src/slug.js:',
    '1. `src/slug.js`',
    '- **src/slug.js** (new)',
    '### 2. `src/slug.js` (updated)',
    'Add this to src/slug.js:',
    "Here's `src/slug.js`:",
    'Here is the complete version of `src/slug.js`:',
    'Then the code, `src/slug.js`:',
    'Save it as `src/slug.js`.',
    'Step 1: `src/slug.js`',
    'In `src/slug.js`:',
    '"src/slug.js":',
  ])('%s', (line) => {
    expect(pathsIn(`${line}\n${fence('js', code)}`)).toEqual(['src/slug.js']);
    expect(pathsIn(`Intro.\n\n${line}\n\n${fence('js', code)}`)).toEqual(['src/slug.js']);
  });

  it.each([
    ['Makefile', 'Create a `Makefile`:'],
    ['Dockerfile', '**Dockerfile**'],
    ['package.json', 'Update package.json:'],
  ])('%s', (path, line) => {
    expect(pathsIn(`${line}\n${fence('', 'all: test')}`)).toEqual([path]);
  });

  it.each([
    ['prose', 'With node.js it is short, e.g.:'],
    ['a product as heading', '### Node.js'],
    ['two paths', 'Copy `src/a.js` to `src/b.js`:'],
    ['two new paths', 'Create `src/a.js` and `src/b.js`:'],
    ['a run', 'Run `src/slug.js`:'],
    ['output', '`src/slug.js` prints:'],
    ['a fault', 'The bug is in `src/slug.js`:'],
    ['an import', 'Import it from `src/slug.js`:'],
    ['a part', 'See line 10 of `src/slug.js`:'],
    [
      'talk',
      'I looked at `src/slug.js` and the rest of the tree and found that it is all right as it stands today, so nothing has to happen there at all in my opinion:',
    ],
    ['nothing', 'For example:'],
    ['either or', 'Use and/or:'],
    ['an address', 'From https://example.org/a.js:'],
  ])('not by %s', (_what, line) => {
    expect(pathsIn(`${line}\n${fence('js', code)}`)).toEqual([]);
  });

  it('not from two blank lines away, nor across another block', () => {
    expect(pathsIn(`src/a.js\n\n\n${fence('js', code)}`)).toEqual([]);
    expect(pathsIn(`src/a.js\n${fence('js', code)}\n${fence('js', 'other();')}`)).toEqual(['src/a.js']);
  });
});

describe('a block is named by the heading above "the complete file"', () => {
  it.each([
    "Here's the complete file:",
    'Here is the full, updated code:',
    'Sure, here is the whole file again:',
    'Full code:',
    'The fixed version:',
  ])('%s', (line) => {
    expect(pathsIn(`### \`src/slug.js\`\n\n${line}\n\n${fence('js', code)}`)).toEqual(['src/slug.js']);
    expect(pathsIn(`**\`src/slug.js\`**\n${line}\n${fence('js', code)}`)).toEqual(['src/slug.js']);
  });

  it.each([
    ['a line about a part', '### `src/slug.js`\n\nChange the import:'],
    ['talk that names a path', 'I moved `src/slug.js` to the new folder yesterday\n\nFull code:'],
    ['a heading further up', '### `src/slug.js`\n\nIt is short.\n\nFull code:'],
    ['a gap', '### `src/slug.js`\n\n\nFull code:'],
  ])('not across %s', (_what, before) => {
    expect(pathsIn(`${before}\n\n${fence('js', code)}`)).toEqual([]);
  });
});

describe('commands are no files', () => {
  it.each([
    ['bash', 'Create `src/slug.js`:', 'touch src/slug.js'],
    ['sh', '**package.json**', 'npm init -y'],
    ['console', '`scripts/up.sh`:', '$ ./scripts/up.sh'],
    ['powershell', 'Create `a.ps1`:', 'ls'],
    ['', 'Create `package.json`:', 'npm init -y\nnpm i -D vitest'],
    ['', 'Add `src/slug.js`:', '$ touch src/slug.js'],
  ])('%j after %s', (info, line, content) => {
    expect(pathsIn(`${line}\n${fence(info, content)}`)).toEqual([]);
  });

  it('a script that is named as one is a file', () => {
    expect(pathsIn(`Create \`scripts/up.sh\`:\n${fence('bash', 'docker compose up')}`)).toEqual(['scripts/up.sh']);
    expect(pathsIn(fence('bash', '#!/bin/sh', '# bin/up.sh', 'docker compose up'))).toEqual(['bin/up.sh']);
    expect(pathsIn(fence('bash', '#!/bin/sh', '# starts all of it', 'docker compose up'))).toEqual([]);
  });
});

describe('unified diffs', () => {
  const hunk = ['@@ -1,2 +1,2 @@', ' a', '-b', '+c'];

  it('are split by file and named by their headers', () => {
    const diff = [
      'diff --git a/src/a.js b/src/a.js',
      'index 111..222 100644',
      '--- a/src/a.js',
      '+++ b/src/a.js',
      ...hunk,
      'diff --git a/new.js b/new.js',
      'new file mode 100644',
      '--- /dev/null',
      '+++ b/new.js',
      '@@ -0,0 +1 @@',
      '+x',
      'diff --git a/old.js b/old.js',
      'deleted file mode 100644',
      '--- a/old.js',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
    ];
    const blocks = blocksIn(fence('diff', ...diff));
    expect(blocks.map(({ path, kind }) => [path, kind])).toEqual([
      ['src/a.js', 'diff'],
      ['new.js', 'diff'],
      ['old.js', 'diff'],
    ]);
    expect(blocks[0]?.content).toBe(`${diff.slice(0, 8).join('\n')}\n`);
  });

  it('need no diff --git line and no language', () => {
    const diff = ['--- a/x.js', '+++ b/x.js', ...hunk, '--- y.txt\t2026-01-01', '+++ y.txt\t2026-01-02', ...hunk];
    expect(blocksIn(fence('', ...diff)).map(({ path, kind }) => [path, kind])).toEqual([
      ['x.js', 'diff'],
      ['y.txt', 'diff'],
    ]);
  });

  it('take a removed line that looks like a header for what it is', () => {
    expect(
      pathsIn(fence('diff', '--- a/q.sql', '+++ b/q.sql', '@@ -1,2 +1,2 @@', '--- a comment', '+++ plus', ' end')),
    ).toEqual(['q.sql']);
  });

  it('keep an `a` folder that is no prefix, and read quoted names, renames and modes', () => {
    expect(pathsIn(fence('diff', '--- a/x.js', '+++ a/x.js', ...hunk))).toEqual(['a/x.js']);
    expect(pathsIn(fence('diff', '--- "a/caf\\303\\251.txt"', '+++ "b/caf\\303\\251.txt"', ...hunk))).toEqual([
      'café.txt',
    ]);
    expect(
      pathsIn(fence('diff', 'diff --git a/o.js b/n.js', 'similarity index 100%', 'rename from o.js', 'rename to n.js')),
    ).toEqual(['n.js']);
    expect(pathsIn(fence('diff', 'diff --git a/run.sh b/run.sh', 'old mode 100644', 'new mode 100755'))).toEqual([
      'run.sh',
    ]);
  });

  it('get a header where the conversation names the file, and are left out where nothing does', () => {
    expect(blocksIn(`**src/a.js**\n${fence('diff', ...hunk)}`)).toMatchObject([
      { path: 'src/a.js', kind: 'diff', content: `--- a/src/a.js\n+++ b/src/a.js\n${hunk.join('\n')}\n` },
    ]);
    expect(pathsIn(fence('diff', '-a', '+b'))).toEqual([]);
  });
});

describe('findCodeBlocks', () => {
  it('keeps the order of the conversation and the positions', () => {
    const found = findCodeBlocks([
      messageOf(fence('js a.js', '1')),
      messageOf('no code', 1),
      messageOf(`${fence('js b.js', '2')}\n${fence('js a.js', '3')}`, 2),
    ]);
    expect(found.map(({ position, path, content }) => [position, path, content])).toEqual([
      [0, 'a.js', '1\n'],
      [2, 'b.js', '2\n'],
      [2, 'a.js', '3\n'],
    ]);
  });

  it('reads a block in a list and one that is never closed', () => {
    expect(blocksIn('1. Create `a.py`:\n\n   ```python\n   if x:\n       y()\n   ```')).toMatchObject([
      { path: 'a.py', content: 'if x:\n    y()\n' },
    ]);
    expect(blocksIn('`a.js`:\n```js\nopen();')).toMatchObject([{ path: 'a.js', content: 'open();\n' }]);
  });

  it('an empty named block is an empty file', () => {
    expect(blocksIn(fence('py src/__init__.py'))).toMatchObject([{ path: 'src/__init__.py', content: '' }]);
  });
});

describe('code that looks like a command or a mark', () => {
  it('lines cited out of a file are not the file, whatever stands before them', () => {
    expect(pathsIn(`In \`src/app.ts\`:\n${fence('12:40:src/app.ts', code)}`)).toEqual([]);
  });

  it('an exported constant is no shell command', () => {
    expect(pathsIn(`**src/a.js**\n${fence('', 'export const a = 1;')}`)).toEqual(['src/a.js']);
  });

  it('double underscores belong to the name', () => {
    expect(pathsIn(`src/__init__.py:\n${fence('python', 'x = 1')}`)).toEqual(['src/__init__.py']);
  });
});

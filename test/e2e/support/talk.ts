import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** One turn of a conversation: who, and what was said. */
export type Turn = readonly ['user' | 'assistant', string];

/** A ChatGPT conversation in its older form, as `conversations.json` holds it. */
export function chatgptConversation(title: string, turns: readonly Turn[], id = title): Record<string, unknown> {
  const mapping: Record<string, unknown> = { root: { id: 'root', message: null, parent: null, children: ['m0'] } };
  for (const [index, [role, text]] of turns.entries()) {
    mapping[`m${index}`] = {
      id: `m${index}`,
      parent: index === 0 ? 'root' : `m${index - 1}`,
      children: index + 1 < turns.length ? [`m${index + 1}`] : [],
      message: {
        id: `m${index}`,
        author: { role, name: null, metadata: {} },
        create_time: 1_767_603_600 + index * 60,
        content: { content_type: 'text', parts: [text] },
        weight: 1,
        metadata: {},
        recipient: 'all',
      },
    };
  }
  return { conversation_id: id, title, create_time: 1_767_603_600, mapping, current_node: `m${turns.length - 1}` };
}

/** Writes an export with these conversations and answers its path. */
export function writeExport(folder: string, name: string, ...conversations: Record<string, unknown>[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(conversations));
  return file;
}

/** A fenced block that names its path. */
export function block(filePath: string, code: string): string {
  return `\`\`\`js ${filePath}\n${code.trimEnd()}\n\`\`\``;
}

const DOUBLE = `/** Twice the number. */
export function double(n) {
  return n * 2;
}
`;

const DOUBLE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { double } from '../src/double.js';

test('double(4) returns 8', () => {
  assert.equal(double(4), 8);
});
`;

const QUADRUPLE = `import { double } from './double.js';

/** Four times the number. */
export function quadruple(n) {
  return double(double(n));
}
`;

const QUADRUPLE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quadruple } from '../src/quadruple.js';

test('quadruple(2) returns 8', () => {
  assert.equal(quadruple(2), 8);
});
`;

/** The code that is asked for, with its test. */
export const doubleWithTest = `${block('src/double.js', DOUBLE)}\n\n${block('test/double.test.js', DOUBLE_TEST)}`;

/** One request, answered with code and a test, and taken. */
export const oneStory: readonly Turn[] = [
  ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
  ['assistant', `Here it is, with its test.\n\n${doubleWithTest}`],
  ['user', 'Perfect, that is what we need.'],
];

/** Two requests; the second one's code builds on the first one's. */
export const twoStories: readonly Turn[] = [
  ...oneStory,
  ['user', 'Please also add a function quadruple(n) in src/quadruple.js. quadruple(2) must return 8.'],
  [
    'assistant',
    `It builds on double:\n\n${block('src/quadruple.js', QUADRUPLE)}\n\n${block('test/quadruple.test.js', QUADRUPLE_TEST)}`,
  ],
  ['user', 'Great, thanks.'],
];

/** The smallest project with checks of its own: Node's test runner, and one test that passes. */
export const nodeProject: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "numbers", "private": true, "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/one.js': 'export const one = 1;\n',
  'test/one.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { one } from '../src/one.js';\n\ntest('one is 1', () => {\n  assert.equal(one, 1);\n});\n",
};

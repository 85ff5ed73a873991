import { describe, expect, it } from 'vitest';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { chatgptConversation, message } from '#test/intake/support/chatgpt-export.ts';
import { endingOf, jsonSource, textSource } from '#test/intake/support/import-all.ts';

const many = (piece: string, count = 200_000) => piece.repeat(count);

/** Each of these took minutes, or all of the stack, where a pattern or a call was not bounded; they run into the test's timeout then. */
const oddTexts: [string, string][] = [
  ['a heading with a gap', `# ${many('x')}${many(' ')}y`],
  ['citation openings', many('contentReference[oaicite:', 60_000)],
  ['voices in one cue', `WEBVTT\n\n00:01.000 --> 00:02.000\n${many('<v ')}`],
  ['braces behind a fence', `\`\`\`js ${many('{', 400_000)}\nx\n\`\`\``],
  ['fences', many('```\n')],
  ['fences in Markdown fences', many('```md\n```js\n', 50_000)],
  ['bold marks', many('**')],
  ['brackets', many('[')],
  ['comments of a page', many('<!--')],
  ['labels', many('Ana: x\n', 50_000)],
];

describe('odd input costs no more than its length', () => {
  it.each(oddTexts)('%s', async (_what, text) => {
    expect(await endingOf(textSource('odd.txt', text))).toBeTypeOf('string');
    expect(await endingOf(jsonSource('odd.json', [chatgptConversation([message('assistant', text)])]))).toBeTypeOf(
      'string',
    );
    expect(findCodeBlocks([{ position: 0, speaker: 'You', role: 'person', at: null, text, originId: null }])).toEqual(
      [],
    );
  });
});

import { nameBlock } from './block-path.ts';
import type { CodeBlock } from './code-block.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { looksLikeDiff, splitDiff } from './diff-files.ts';
import { type FencedPassage, type Passage, splitFences } from './fences.ts';

/** Markdown puts a blank line between a label and its fence; more than this and the line is about something else. */
const MAX_BLANK_LINES_BETWEEN = 1;

/** The two lines before a fence, nearest first; a wider gap before either ends the list. */
function linesBefore(passage: Passage | undefined): string[] {
  if (passage?.kind !== 'prose') return [];
  const found: string[] = [];
  let blank = 0;
  for (let at = passage.lines.length - 1; at >= 0 && found.length < 2; at -= 1) {
    const line = (passage.lines[at] ?? '').trim();
    blank = line === '' ? blank + 1 : 0;
    if (blank > MAX_BLANK_LINES_BETWEEN) break;
    if (line !== '') found.push(line);
  }
  return found;
}

function blocksOf(fence: FencedPassage, before: readonly string[], position: number): CodeBlock[] {
  const { language, path, lines } = nameBlock(fence.info, fence.lines, before);
  if (language === 'diff' || language === 'patch' || looksLikeDiff(lines)) {
    return splitDiff(lines, path).map((file) => ({
      position,
      path: file.path,
      kind: 'diff',
      content: file.content,
      language,
    }));
  }
  if (path === null) return [];
  const text = lines.join('\n').trimEnd();
  return [{ position, path, kind: 'file', content: text === '' ? '' : `${text}\n`, language }];
}

/**
 * The fenced code of a conversation that says which file it is for, and its unified diffs, in the order in which they
 * were said. Returns [] for a conversation without any; commands, output and nameless snippets are left out.
 */
export function findCodeBlocks(messages: readonly ConversationMessage[]): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const message of messages) {
    if (!message.text.includes('```') && !message.text.includes('~~~')) continue;
    const passages = splitFences(message.text);
    for (const [index, passage] of passages.entries()) {
      if (passage.kind !== 'fence') continue;
      for (const block of blocksOf(passage, linesBefore(passages[index - 1]), message.position)) blocks.push(block);
    }
  }
  return blocks;
}

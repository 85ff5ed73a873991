import { nameBlock } from './block-path.ts';
import type { CodeBlock } from './code-block.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { looksLikeDiff, splitDiff } from './diff-files.ts';
import { type FencedPassage, type Passage, splitFences } from './fences.ts';

/** Markdown puts a blank line between a label and its fence; more than this and the line is about something else. */
const MAX_BLANK_LINES_BETWEEN = 1;

function lineBefore(passage: Passage | undefined): string | null {
  if (passage?.kind !== 'prose') return null;
  let at = passage.lines.length - 1;
  for (let blank = 0; at >= 0 && (passage.lines[at] ?? '').trim() === ''; at -= 1) {
    blank += 1;
    if (blank > MAX_BLANK_LINES_BETWEEN) return null;
  }
  return passage.lines[at]?.trim() ?? null;
}

function blocksOf(fence: FencedPassage, before: string | null, position: number): CodeBlock[] {
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
      for (const block of blocksOf(passage, lineBefore(passages[index - 1]), message.position)) blocks.push(block);
    }
  }
  return blocks;
}

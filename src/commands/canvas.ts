import { FactoryError } from '#src/errors.ts';
import { chooseConversation } from '#src/desk/take-in.ts';
import { renderCanvasMarkdown } from '#src/inception/canvas-markdown.ts';
import { toCanvasJson } from '#src/inception/canvas-output.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { importConversations } from '#src/intake/import.ts';
import type { Command } from './command.ts';
import { diskFile } from './disk-file.ts';
import { parseWords } from './parse.ts';

export const canvasCommand: Command = {
  name: 'canvas',
  usage: 'canvas FILE [--conversation ID|TITLE]',
  summary: 'Draw the Lean Inception canvas of a conversation. Keeps nothing.',
  async run({ argv, cwd }) {
    const { positionals, values } = parseWords(
      argv,
      this.usage,
      { conversation: { type: 'string' } },
      { min: 1, max: 1 },
    );
    const conversations = await readConversations(cwd, positionals[0] ?? '');
    const canvas = extractCanvas(chooseConversation(conversations, values.conversation ?? null));
    return { document: toCanvasJson(canvas), lines: [renderCanvasMarkdown(canvas)], exitCode: 0 };
  },
};

/** Every conversation of a file that could be read. */
export async function readConversations(cwd: string, name: string): Promise<Conversation[]> {
  const conversations: Conversation[] = [];
  const problems: string[] = [];
  for await (const item of importConversations(await diskFile(cwd, name))) {
    if (item.kind === 'conversation') conversations.push(item.conversation);
    else problems.push(`${item.file}: ${item.reason}`);
  }
  if (conversations.length === 0) {
    throw new FactoryError(
      'not-a-conversation',
      `No conversation in ${name} could be read. ${problems.join(' ')}`.trim(),
      { fix: 'Export it again, or paste the text into a file.' },
    );
  }
  return conversations;
}

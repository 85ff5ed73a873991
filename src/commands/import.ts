import { importConversations } from '#src/intake/import.ts';
import type { Command } from './command.ts';
import { diskFile } from './disk-file.ts';
import { parseWords } from './parse.ts';

export const importCommand: Command = {
  name: 'import',
  usage: 'import FILE',
  summary: 'Read an export and say what is in it, what was skipped and why.',
  async run({ argv, cwd }) {
    const { positionals } = parseWords(argv, this.usage, {}, { min: 1, max: 1 });
    const file = await diskFile(cwd, positionals[0] ?? '');
    const conversations = [];
    const problems = [];
    for await (const item of importConversations(file)) {
      if (item.kind === 'problem') problems.push({ file: item.file, reason: item.reason });
      else {
        const { id, title, source, messages, skipped } = item.conversation;
        conversations.push({ id, title, source, messageCount: messages.length, skipped });
      }
    }
    return {
      document: { conversations, problems },
      lines: [
        ...conversations.flatMap(({ id, title, messageCount, skipped }) => [
          `${title} (${id}): ${messageCount} messages`,
          ...skipped.map(({ kind, count, reason }) => `  left out ${count} × ${kind}: ${reason}`),
        ]),
        ...problems.map(({ file: name, reason }) => `Could not read ${name}: ${reason}`),
      ],
      exitCode: 0,
    };
  },
};

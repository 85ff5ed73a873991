import type { Conversation } from '#src/ports/conversation.ts';
import type { FileSource } from './file-source.ts';
import type { ImportItem } from './import-item.ts';
import { defaultImportLimits, type ImportLimits } from './import-limits.ts';
import { peek } from './reading/byte-cursor.ts';
import { readJsonFile } from './reading/json-file.ts';
import { refusals } from './reading/refusals.ts';
import { SNIFF_BYTES, sniff, type TextEncoding } from './reading/sniff.ts';
import { readTextFile } from './reading/text-file.ts';
import { readZipFile } from './reading/zip-file.ts';

export type { ImportItem } from './import-item.ts';

async function* readLooseJson(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  limits: ImportLimits,
): AsyncGenerator<ImportItem> {
  let read = 0;
  const items = readJsonFile(file, bytes, encoding, limits);
  let step = await items.next();
  for (; step.done !== true; step = await items.next()) {
    if (step.value.kind === 'conversation') read += 1;
    yield step.value;
  }
  const outcome = step.value;
  if (read === 0 && outcome.broken !== null) throw outcome.broken;
  if (read === 0 && outcome.notYet !== null) throw refusals.notYet(file, outcome.notYet);
  if (outcome.broken !== null) yield { kind: 'problem', file, reason: outcome.broken.message };
  if (outcome.format === null) throw refusals.notAConversation(file);
}

async function* readAnyFile(source: FileSource, limits: ImportLimits): AsyncGenerator<ImportItem> {
  const { start, all, close } = await peek(source.open(), SNIFF_BYTES);
  const content = sniff(start);
  try {
    switch (content.kind) {
      case 'empty':
        throw refusals.empty(source.name);
      case 'binary':
        throw refusals.binary(source.name, content.name);
      case 'zip':
        await close();
        return yield* readZipFile(source, limits);
      case 'json':
        return yield* readLooseJson(source.name, all, content.encoding, limits);
      case 'text':
        return yield* readTextFile(source.name, all, content.encoding, limits);
    }
  } finally {
    await close();
  }
}

/** Why a conversation that was read cannot be kept, or null. */
function reasonToRefuse(conversation: Conversation, seen: ReadonlySet<string>, limits: ImportLimits): string | null {
  const name = `"${conversation.title}"`;
  if (conversation.messages.every((message) => message.text === '')) {
    const left = conversation.skipped.map(({ kind, count }) => `${count} ${kind}`).join(', ');
    return `${name} holds no message with text${left === '' ? '' : ` (left out: ${left})`}.`;
  }
  if (conversation.messages.length > limits.maxMessages) {
    return `${name} holds more than ${limits.maxMessages.toLocaleString('en')} messages. Split it into smaller conversations and import those.`;
  }
  return seen.has(conversation.id) ? `${name} is in the file more than once; the first was kept.` : null;
}

/**
 * Reads the conversations of a file, as a stream: an export of gigabytes is never in memory as a whole. The format is
 * told by content. What cannot be read comes as a `problem` between the conversations; a file of which nothing could be
 * read ends in a FactoryError: `empty-file`, `binary-file`, `not-a-conversation`, `unsupported-format`, `no-messages`,
 * `truncated-json`, `malformed-json`, `json-too-deep`, `conversation-too-large`, `corrupt-zip`, `encrypted-zip`,
 * `zip-bomb`. Errors of the source itself pass through.
 */
export async function* importConversations(
  source: FileSource,
  options: Partial<ImportLimits> = {},
): AsyncGenerator<ImportItem> {
  const limits = { ...defaultImportLimits, ...options };
  const seen = new Set<string>();
  let firstProblem: string | null = null;
  for await (const item of readAnyFile(source, limits)) {
    const refused = item.kind === 'conversation' ? reasonToRefuse(item.conversation, seen, limits) : null;
    if (item.kind === 'conversation' && refused === null) {
      seen.add(item.conversation.id);
      yield item;
      continue;
    }
    const problem: ImportItem =
      item.kind === 'problem' ? item : { kind: 'problem', file: source.name, reason: refused ?? '' };
    if (problem.kind === 'problem') firstProblem ??= problem.reason;
    yield problem;
  }
  if (seen.size > 0) return;
  throw firstProblem === null ? refusals.notAConversation(source.name) : refusals.noMessages(source.name, firstProblem);
}

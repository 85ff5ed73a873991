import { FactoryError } from '#src/errors.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { bytesSource, type FileSource } from '#src/intake/file-source.ts';
import { importConversations } from '#src/intake/import.ts';
import type { ImportLimits } from '#src/intake/import-limits.ts';

export interface Imported {
  conversations: Conversation[];
  problems: { file: string; reason: string }[];
}

export async function importAll(source: FileSource, limits: Partial<ImportLimits> = {}): Promise<Imported> {
  const imported: Imported = { conversations: [], problems: [] };
  for await (const item of importConversations(source, limits)) {
    if (item.kind === 'conversation') imported.conversations.push(item.conversation);
    else imported.problems.push({ file: item.file, reason: item.reason });
  }
  return imported;
}

/** The error that an import ends in; fails the test when it does not. */
export async function refusalOf(source: FileSource, limits: Partial<ImportLimits> = {}): Promise<FactoryError> {
  const outcome = await importAll(source, limits).then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome === null) throw new Error('the import was expected to be refused');
  return outcome as FactoryError;
}

export function textSource(name: string, text: string): FileSource {
  return bytesSource(name, new TextEncoder().encode(text));
}

export function jsonSource(name: string, value: unknown): FileSource {
  return textSource(name, JSON.stringify(value));
}

/** The one conversation of a text, with its messages as `speaker: text`. */
export async function readOne(
  source: FileSource,
): Promise<{ conversation: Conversation; lines: string[]; problems: string[] }> {
  const { conversations, problems } = await importAll(source);
  const [conversation] = conversations;
  if (conversation === undefined || conversations.length !== 1)
    throw new Error(`expected one conversation, got ${conversations.length}`);
  return {
    conversation,
    lines: conversation.messages.map((message) => `${message.speaker}: ${message.text}`),
    problems: problems.map((problem) => problem.reason),
  };
}

export function skippedCounts(conversation: Conversation): Record<string, number> {
  return Object.fromEntries(conversation.skipped.map(({ kind, count }) => [kind, count]));
}

/** How an import ends: `read`, the code of its FactoryError, or any other error as it is (which no test expects). */
export async function endingOf(source: FileSource): Promise<unknown> {
  return importAll(source).then(
    () => 'read',
    (error: unknown) => (error instanceof FactoryError ? error.code : error),
  );
}

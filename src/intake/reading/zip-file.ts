import { FactoryError } from '#src/errors.ts';
import type { FileSource } from '../file-source.ts';
import type { NotYetFormat } from '../formats/format.ts';
import type { ImportItem } from '../import-item.ts';
import type { ImportLimits } from '../import-limits.ts';
import { listOf, recordOf } from '../json-shape.ts';
import { peek } from './byte-cursor.ts';
import { readJsonFile } from './json-file.ts';
import { refusals } from './refusals.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';
import { readTextFile } from './text-file.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { openEntries } from './zip-entries.ts';

const MAX_MANIFEST_BYTES = 1024 * 1024;

function baseName(entry: ZipEntry): string {
  return entry.name.replace(/^.*\//, '');
}

/** Folders, and the twin files that macOS adds to every zip, hold nothing to read. */
function isContent(entry: ZipEntry): boolean {
  return !entry.name.endsWith('/') && !/(^|\/)__MACOSX\//.test(entry.name) && !baseName(entry).startsWith('._');
}

/** ChatGPT keeps uploads as `.dat`; whatever they hold, they are not the conversations of this export. */
const isUpload = (entry: ZipEntry) => /\.dat$/i.test(entry.name);
/** In a zip a text counts as a conversation only by its ending: a zip of source code is not a heap of chats. */
const mayBeTranscript = (entry: ZipEntry) => /(^|\/)[^./]+$|\.(txt|md|markdown|vtt|html?)$/i.test(entry.name);
const shouldHoldConversations = (entry: ZipEntry) => /^conversations[^/]*\.json$/i.test(baseName(entry));

/** The shards that a ChatGPT export of 2026 lists in its manifest; null without one. */
async function readManifest(source: FileSource, entries: readonly ZipEntry[]): Promise<string[] | null> {
  const entry = entries.find((candidate) => baseName(candidate) === 'export_manifest.json');
  if (entry === undefined || entry.unpackedBytes > MAX_MANIFEST_BYTES) return null;
  for await (const opened of openEntries(source, [entry])) {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of opened.bytes) text += decoder.decode(chunk, { stream: true });
    try {
      const logical = recordOf(recordOf(JSON.parse(text)).logical_files)['conversations.json'];
      return listOf(recordOf(logical).files).filter((file) => typeof file === 'string');
    } catch {
      return null;
    }
  }
  return null;
}

interface Found {
  conversations: number;
  notYet: { file: string; format: NotYetFormat } | null;
  problems: number;
}

async function* readJsonEntries(
  source: FileSource,
  entries: readonly ZipEntry[],
  listed: ReadonlySet<string>,
  limits: ImportLimits,
  found: Found,
): AsyncGenerator<ImportItem> {
  for await (const { entry, bytes } of openEntries(source, entries)) {
    const expected = shouldHoldConversations(entry) || listed.has(baseName(entry));
    const start = await peekEntry(bytes);
    if (start instanceof FactoryError || start.content.kind !== 'json') {
      if (expected) {
        found.problems += 1;
        const reason =
          start instanceof FactoryError
            ? start.message
            : 'It should hold conversations, but what is in it is not JSON.';
        yield { kind: 'problem', file: entry.name, reason };
      }
      continue;
    }
    const outcome = yield* readJsonFile(entry.name, start.all, start.content.encoding, limits);
    if (outcome.format !== null) found.conversations += 1;
    if (outcome.notYet !== null) found.notYet ??= { file: entry.name, format: outcome.notYet };
    if (outcome.broken !== null && (expected || outcome.format !== null)) {
      found.problems += 1;
      yield { kind: 'problem', file: entry.name, reason: outcome.broken.message };
    } else if (outcome.format === null && outcome.notYet === null && expected) {
      found.problems += 1;
      yield {
        kind: 'problem',
        file: entry.name,
        reason: outcome.entries === 0 ? 'It is an empty list.' : 'None of its entries holds messages.',
      };
    }
  }
}

async function peekEntry(bytes: AsyncIterable<Uint8Array>) {
  try {
    const { start, all } = await peek(bytes, SNIFF_BYTES);
    return { content: sniff(start), all };
  } catch (error) {
    if (error instanceof FactoryError) return error;
    throw error;
  }
}

async function* readTextEntries(
  source: FileSource,
  entries: readonly ZipEntry[],
  limits: ImportLimits,
): AsyncGenerator<ImportItem> {
  for await (const { entry, bytes } of openEntries(source, entries)) {
    const start = await peekEntry(bytes);
    if (start instanceof FactoryError) {
      yield { kind: 'problem', file: entry.name, reason: start.message };
      continue;
    }
    if (start.content.kind !== 'text') continue;
    try {
      yield* readTextFile(entry.name, start.all, start.content.encoding, limits);
    } catch (error) {
      if (!(error instanceof FactoryError)) throw error;
      yield { kind: 'problem', file: entry.name, reason: error.message };
    }
  }
}

/**
 * Reads a zip: every JSON file in it by its content, shards that its manifest lists and does not hold reported; only
 * where no file is a known export, its text files. Throws what `readZipDirectory` throws, and `unsupported-format`.
 */
export async function* readZipFile(source: FileSource, limits: ImportLimits): AsyncGenerator<ImportItem> {
  const entries = (await readZipDirectory(source, limits)).filter(isContent);
  if (entries.some((entry) => entry.name === '[Content_Types].xml')) {
    throw refusals.notYet(source.name, {
      name: 'office document',
      fix: 'Save it as plain text and import that.',
    });
  }
  const listed = (await readManifest(source, entries)) ?? [];
  const present = new Set(entries.map(baseName));
  const found: Found = { conversations: 0, notYet: null, problems: 0 };
  for (const shard of listed) {
    if (present.has(shard.replace(/^.*\//, ''))) continue;
    found.problems += 1;
    yield {
      kind: 'problem',
      file: shard,
      reason: 'The export lists this file, but it is not in the zip; its conversations are missing.',
    };
  }
  const jsonCandidates = entries.filter((entry) => !isUpload(entry));
  const listedNames = new Set(listed.map((shard) => shard.replace(/^.*\//, '')));
  yield* readJsonEntries(source, jsonCandidates, listedNames, limits, found);
  if (found.notYet !== null) {
    if (found.conversations === 0) throw refusals.notYet(source.name, found.notYet.format);
    const { message } = refusals.notYet(found.notYet.file, found.notYet.format);
    yield { kind: 'problem', file: found.notYet.file, reason: message };
  }
  if (found.conversations > 0 || found.problems > 0) return;
  yield* readTextEntries(source, entries.filter(mayBeTranscript), limits);
}

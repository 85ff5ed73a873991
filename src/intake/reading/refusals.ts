import { FactoryError } from '#src/errors.ts';

/** The ways in which a whole file is refused: what, why and what to do, each under its stable code. */
export const refusals = {
  empty: (file: string) =>
    new FactoryError('empty-file', `${file} is empty.`, {
      fix: 'Check that the download or the save finished, then import it again.',
    }),
  binary: (file: string, kind: string | null) =>
    new FactoryError('binary-file', `${file} is ${kind ?? 'not text'}, so there is no conversation to read in it.`, {
      fix: 'Import the export as the chat app gave it (a zip or JSON file), or the conversation as text, Markdown or WebVTT.',
    }),
  notAConversation: (file: string) =>
    new FactoryError('not-a-conversation', `${file} holds no conversation in a form that is known here.`, {
      fix: 'Import a ChatGPT or Claude export, a meeting as JSON, or a text, Markdown or WebVTT transcript.',
    }),
  notYet: (file: string, format: { name: string; fix: string }) =>
    new FactoryError(
      'unsupported-format',
      `${file} is in a format (${format.name}) that is recognised, but cannot be imported yet.`,
      { fix: format.fix },
    ),
  noMessages: (file: string, reason: string | null) =>
    new FactoryError('no-messages', `Nothing could be read from ${file}.${reason === null ? '' : ` ${reason}`}`, {
      fix: 'Export the conversation again, or copy its text into a file and import that.',
    }),
  truncatedJson: (file: string) =>
    new FactoryError('truncated-json', `${file} stops in the middle of its JSON, so its end is missing.`, {
      fix: 'Download or copy the file again and check that its size matches, then import it again.',
    }),
  malformedJson: (file: string, cause: unknown) =>
    new FactoryError('malformed-json', `${file} looks like JSON, but breaks its rules part of the way through.`, {
      fix: 'Import the file as it was exported, without edits.',
      cause,
    }),
  jsonTooDeep: (file: string, maxDepth: number) =>
    new FactoryError('json-too-deep', `${file} nests JSON more than ${maxDepth} levels deep, which no export does.`, {
      fix: 'Import the file as it was exported, without edits.',
    }),
  tooLarge: (file: string, maxBytes: number) =>
    new FactoryError(
      'conversation-too-large',
      `A single conversation in ${file} takes more than ${megabytes(maxBytes)}.`,
      {
        fix: 'Split it into smaller files and import each.',
      },
    ),
  zipBomb: (file: string, why: string) =>
    new FactoryError('zip-bomb', `${file} was not opened: ${why}`, {
      fix: 'If you trust the file, unpack it yourself and import the JSON files in it.',
    }),
  corruptZip: (file: string, why: string) =>
    new FactoryError('corrupt-zip', `${file} cannot be unpacked: ${why}`, {
      fix: 'Download the zip again and import it again; an interrupted download is the usual cause.',
    }),
  encryptedZip: (file: string) =>
    new FactoryError('encrypted-zip', `${file} is protected by a password.`, {
      fix: 'Unpack it with the password and import the files in it.',
    }),
} as const;

export function megabytes(bytes: number): string {
  return bytes >= 1024 * 1024
    ? `${Math.round(bytes / (1024 * 1024)).toLocaleString('en')} MiB`
    : `${bytes.toLocaleString('en')} bytes`;
}

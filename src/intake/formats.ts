import { chatgpt } from './formats/chatgpt.ts';
import { claude } from './formats/claude.ts';
import type { Format, JsonFormat, NotYetFormat, TextFormat } from './formats/format.ts';
import { meeting } from './formats/meeting.ts';
import { notYetFormats } from './formats/not-yet.ts';
import { markdown, plainText } from './formats/plain-text.ts';
import { transcript } from './formats/transcript.ts';
import { webvtt } from './formats/webvtt.ts';

/**
 * Every format, in the order in which they are tried: the first that recognises the content reads it. To add one,
 * write its file in `formats/` and name it here; texts that name speakers come before those that only have words.
 */
const formats: readonly Format[] = [
  chatgpt,
  claude,
  ...notYetFormats,
  meeting,
  webvtt,
  transcript,
  markdown,
  plainText,
];

export const jsonFormats: readonly JsonFormat[] = formats.filter((format) => format.kind === 'json');
export const textFormats: readonly TextFormat[] = formats.filter((format) => format.kind === 'text');
export const notYet: readonly NotYetFormat[] = formats.filter((format) => format.kind === 'not-yet');

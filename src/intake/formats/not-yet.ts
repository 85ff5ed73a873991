import { isRecord, listOf } from '../json-shape.ts';
import type { NotYetFormat } from './format.ts';

const copyTheText = 'Copy the conversation into a text file with one "Name: what they said" a line and import that.';

function slackMessage(value: unknown): boolean {
  return isRecord(value) && value.type === 'message' && typeof value.ts === 'string' && /^\d+\.\d+$/.test(value.ts);
}

/** Formats that are told apart so that people learn what they hold, and are not read yet. */
export const notYetFormats: readonly NotYetFormat[] = [
  {
    kind: 'not-yet',
    name: 'Gemini (Google Takeout)',
    recognisesJson: (value) =>
      isRecord(value) &&
      typeof value.title === 'string' &&
      (value.header === 'Gemini Apps' || listOf(value.products).includes('Gemini Apps')),
    recognisesText: (text) => isHtml(text) && text.includes('Gemini Apps'),
    fix: copyTheText,
  },
  {
    kind: 'not-yet',
    name: 'Grok',
    recognisesJson: (value) =>
      isRecord(value) &&
      listOf(value.conversations).some(
        (entry) => isRecord(entry) && isRecord(entry.conversation) && 'responses' in entry,
      ),
    fix: copyTheText,
  },
  {
    kind: 'not-yet',
    name: 'DiscordChatExporter',
    recognisesJson: (value) => isRecord(value) && isRecord(value.guild) && isRecord(value.channel),
    fix: copyTheText,
  },
  { kind: 'not-yet', name: 'Slack export', recognisesJson: slackMessage, fix: copyTheText },
  {
    kind: 'not-yet',
    name: 'Telegram export',
    recognisesJson: (value) =>
      isRecord(value) &&
      listOf(value.messages).some((entry) => isRecord(entry) && 'from_id' in entry && 'date_unixtime' in entry),
    fix: copyTheText,
  },
  {
    kind: 'not-yet',
    name: 'LibreChat',
    recognisesJson: (value) =>
      isRecord(value) && typeof value.conversationId === 'string' && Array.isArray(value.messages),
    fix: copyTheText,
  },
  {
    kind: 'not-yet',
    name: 'web page (HTML)',
    recognisesText: isHtml,
    fix: 'If it is the chat.html of a ChatGPT export, import the whole zip instead. Else copy the conversation into a text file and import that.',
  },
  {
    kind: 'not-yet',
    name: 'rich text (RTF)',
    recognisesText: (text) => text.startsWith('{\\rtf'),
    fix: 'Save it as plain text and import that.',
  },
];

function isHtml(text: string): boolean {
  return /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(text);
}

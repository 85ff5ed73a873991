import type {
  RichTextBlock,
  RichTextBlockElement,
  RichTextDate,
  RichTextElement,
  RichTextLink,
  RichTextSection,
  RichTextText,
} from '@slack/types';
import { RICH_TEXT_CHARS } from './limits.ts';
import { splitText } from './words.ts';

/** Each styled piece costs an element of its own; text with more of them than this is shown as it is. */
const STYLED_PIECES = 40;

/** One line of words: `code` and **bold**, everything else as it is. Empty for no words. */
export function inline(text: string): RichTextText[] {
  const pieces: RichTextText[] = [];
  let at = 0;
  for (const match of text.matchAll(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g)) {
    if (pieces.length >= STYLED_PIECES) break;
    if (match.index > at) pieces.push({ type: 'text', text: text.slice(at, match.index) });
    const [whole, code, strong] = match;
    pieces.push(code === undefined ? bold(strong ?? whole) : { type: 'text', text: code, style: { code: true } });
    at = match.index + whole.length;
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) });
  return pieces;
}

/** The same words, leading somewhere. */
export function inlineLink(text: string, url: string): RichTextLink[] {
  return inline(text).map((piece) => ({ ...piece, type: 'link', url }));
}

export function bold(text: string): RichTextText {
  return { type: 'text', text, style: { bold: true } };
}

export function words(text: string): RichTextText {
  return { type: 'text', text };
}

export function section(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements };
}

export function richText(...elements: RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements };
}

/** A moment in the reader's own clock; nothing where the time is not known. */
export function moment(iso: string | null, format: string): RichTextDate[] {
  const ms = iso === null ? Number.NaN : Date.parse(iso);
  // Slack takes whole seconds of this era only.
  if (Number.isNaN(ms) || ms < 0 || ms > Date.UTC(2200, 0)) return [];
  const fallback = `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [{ type: 'date', timestamp: Math.floor(ms / 1000), format, fallback }];
}

/** What people and assistants wrote: fenced code is set as code, and a fence that never closes closes at the end. */
export function prose(text: string): RichTextBlock[] {
  const elements = runsOf(text).flatMap((run) =>
    splitText(run.text, RICH_TEXT_CHARS).map(
      (part): RichTextBlockElement =>
        run.isCode ? { type: 'rich_text_preformatted', elements: [words(part)] } : section(...inline(part)),
    ),
  );
  return pack(elements);
}

/** Code as it is, in parts that Slack takes. */
export function preformatted(text: string): RichTextBlock[] {
  return pack(
    splitText(text, RICH_TEXT_CHARS).map((part) => ({ type: 'rich_text_preformatted', elements: [words(part)] })),
  );
}

/** One line of a block that has several. */
export interface Line {
  isBullet: boolean;
  elements: RichTextElement[];
}

export function line(...elements: RichTextElement[]): Line {
  return { isBullet: false, elements };
}

export function bullet(...elements: RichTextElement[]): Line {
  return { isBullet: true, elements };
}

/** As few blocks as hold the lines; none is split. */
export function linesBlocks(lines: readonly Line[]): RichTextBlock[] {
  const groups: Line[][] = [];
  let chars = Infinity;
  for (const each of lines) {
    const size = lengthOf(each) + 1;
    if (chars + size > RICH_TEXT_CHARS) {
      groups.push([]);
      chars = 0;
    }
    groups.at(-1)?.push(each);
    chars += size;
  }
  return groups.map((group) => richText(...elementsOf(group)));
}

/** Bullets that follow each other are one list; other lines are one section, for what stands between two is not said. */
function elementsOf(lines: readonly Line[]): RichTextBlockElement[] {
  const made: RichTextBlockElement[] = [];
  for (const { isBullet, elements } of lines) {
    const last = made.at(-1);
    if (isBullet && last?.type === 'rich_text_list') last.elements.push(section(...elements));
    else if (isBullet) made.push({ type: 'rich_text_list', style: 'bullet', elements: [section(...elements)] });
    else if (last?.type === 'rich_text_section') last.elements.push(words('\n'), ...elements);
    else made.push(section(...elements));
  }
  return made;
}

/** As few blocks as hold them; no element is split. */
export function pack(elements: readonly RichTextBlockElement[]): RichTextBlock[] {
  const blocks: RichTextBlock[] = [];
  let chars = Infinity;
  for (const element of elements) {
    const size = lengthOf(element);
    if (chars + size > RICH_TEXT_CHARS) {
      blocks.push(richText());
      chars = 0;
    }
    blocks.at(-1)?.elements.push(element);
    chars += size;
  }
  return blocks;
}

/** For what has a length of its own in each client: a moment, an emoji. */
const OTHER_CHARS = 20;

function lengthOf({ elements }: RichTextBlockElement | Line): number {
  let chars = 0;
  for (const element of elements) {
    if (element.type === 'rich_text_section') chars += lengthOf(element);
    else chars += 'text' in element ? (element.text?.length ?? 0) : OTHER_CHARS;
  }
  return chars;
}

function runsOf(text: string): { isCode: boolean; text: string }[] {
  const runs: { isCode: boolean; text: string }[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const flush = (isCode: boolean): void => {
    const run = isCode ? lines.join('\n') : lines.join('\n').trim();
    if (run.trim() !== '') runs.push({ isCode, text: run });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const mark: string | undefined = /^\s{0,3}(`{3,}|~{3,})[^`]{0,200}$/.exec(line)?.[1];
    if (fence !== null && line.trim() === fence) {
      flush(true);
      fence = null;
    } else if (fence === null && mark !== undefined) {
      flush(false);
      fence = mark;
    } else lines.push(line);
  }
  flush(fence !== null);
  return runs;
}

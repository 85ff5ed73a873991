import type { ActionsBlock, Button, RichTextElement } from '@slack/types';
import type { CardBlock, CardListItem } from '#src/ports/chat.ts';
import { buttonRows, cardButton, openButton } from './buttons.ts';
import type { Drawing } from './drawing.ts';
import { pathTo } from './paths.ts';
import { whole } from './pieces.ts';
import type { Drawn, Piece } from './pieces.ts';
import { pressKinds } from './press-value.ts';
import { bold, bullet, inline, inlineLink, line, linesBlocks, words } from './rich-text.ts';
import type { Line } from './rich-text.ts';
import { plain, shorten, splitText } from './words.ts';

type List = CardBlock & { type: 'list' };

const marks = { done: '✓', open: '○', failed: '✕', question: '?' } as const;

const TITLE_CHARS = 300;
/** Leaves room for a mark and a detail beside it. */
const PART_CHARS = 2_500;

/**
 * A line an item. Items with actions have their buttons under them; for all others of the list one button answers
 * why they are here.
 */
export function drawList(list: List, path: string, drawing: Drawing): Drawn {
  const { amount, post } = drawing;
  const shown = list.items.slice(0, amount.items);
  if (list.items.length === 0) return whole();
  const pieces: Piece[] = [];
  let lines = list.title === null ? [] : titleLines(list.title);
  const flush = (...rows: ActionsBlock[]): void => {
    const texts = linesBlocks(lines);
    pieces.push(...texts.slice(0, -1).map((block) => [block]), [...texts.slice(-1), ...rows]);
    lines = [];
  };
  for (const [index, item] of shown.entries()) {
    lines.push(...itemLines(item, drawing));
    const buttons = itemButtons(item, pathTo(path, index), drawing);
    if (buttons.length > 0) flush(...buttonRows(buttons));
  }
  const left = list.items.length - shown.length;
  if (left > 0) lines.push(line(words(`… and ${left} more`)));
  if (lines.length > 0) flush();
  const asked = list.items.filter(({ actions, why }) => actions.length === 0 && why !== null);
  if (asked.length > 0) {
    const label = asked.length === 1 && list.items.length === 1 ? WHY_ONE : WHY_ALL;
    pieces.push(buttonRows([openButton(post, pressKinds.why, label, { path })]));
  }
  return { pieces, isCut: left > 0 || shown.some((item) => isLong(item, amount.itemTextChars)) };
}

const WHY_ONE = 'Why is this here?';
const WHY_ALL = 'Why are these here?';

function titleLines(title: string): Line[] {
  return plain(title) === '' ? [] : [line(bold(shorten(plain(title), TITLE_CHARS)))];
}

function itemLines(item: CardListItem, { amount, context }: Drawing): Line[] {
  const url = item.thread === null ? null : context.linkTo(item.thread);
  const draw = (text: string): RichTextElement[] => (url === null ? inline(text) : inlineLink(text, url));
  const [first = '–', ...rest] = splitText(shorten(item.text, amount.itemTextChars), PART_CHARS);
  const [detail, ...details] =
    item.detail === null ? [] : splitText(shorten(item.detail, amount.itemTextChars), PART_CHARS);
  const isShort = first.length + (detail?.length ?? 0) <= PART_CHARS && rest.length === 0;
  const beside = detail === undefined || !isShort ? [] : [words(' · '), ...inline(detail)];
  const begin = item.mark === 'none' ? bullet : line;
  return [
    begin(...(item.mark === 'none' ? [] : [words(`${marks[item.mark]} `)]), ...draw(first), ...beside),
    ...rest.map((part) => line(...draw(part))),
    ...(detail === undefined || isShort ? [] : [line(...inline(detail))]),
    ...details.map((part) => line(...inline(part))),
  ];
}

function isLong({ text, detail }: CardListItem, maxChars: number): boolean {
  return text.length > maxChars || (detail ?? '').length > maxChars;
}

function itemButtons(item: CardListItem, path: string, { post }: Drawing): Button[] {
  if (item.actions.length === 0) return [];
  return [
    ...item.actions.map((action) => cardButton(post, action)),
    ...(item.why === null ? [] : [openButton(post, pressKinds.why, 'Why?', { path })]),
  ];
}

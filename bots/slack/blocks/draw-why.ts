import type { ModalView } from '@slack/types';
import type { WhyView } from '#src/desk/desk.ts';
import type { CardListItem, Post } from '#src/ports/chat.ts';
import { modal, MODAL_PAGE } from './modal.ts';
import { itemsAt } from './paths.ts';
import { fill } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { pressKinds } from './press-value.ts';
import { readableText } from './readable-card.ts';
import { quoted } from './quoted.ts';
import { inline, richText, section, words } from './rich-text.ts';
import type { DrawContext } from './slack-message.ts';
import { shorten } from './words.ts';

const ITEMS_A_PAGE = 10;
const MESSAGES_AN_ITEM = 5;
const ITEM_CHARS = 300;
const MESSAGE_CHARS = 600;

/** One page of the items that are asked about. */
export interface Asked {
  path: string;
  page: number;
  pages: number;
  items: CardListItem[];
}

/** What a "why" button asks about: an item, or each item of a list that knows why. null: the card has it no more. */
export function askedWhy(post: Post, path: string, page: number): Asked | null {
  const items = itemsAt(post.card.blocks, path).filter(({ why }) => why !== null);
  if (items.length === 0) return null;
  const pages = Math.ceil(items.length / ITEMS_A_PAGE);
  const shown = Math.min(page, pages - 1);
  return { path, page: shown, pages, items: items.slice(shown * ITEMS_A_PAGE, (shown + 1) * ITEMS_A_PAGE) };
}

/** The sentences behind each item, with who said them. `said` stands in the order of `asked.items`. */
export function drawWhy(
  post: Post,
  asked: Asked,
  said: readonly (readonly WhyView[])[],
  context: DrawContext,
): ModalView {
  const pieces = asked.items.flatMap((item, index) => whyPieces(item, said[index] ?? [], context));
  return modal(post, 'Why is this here?', fill(pieces, MODAL_PAGE).blocks, asked, pressKinds.whyPage);
}

function whyPieces(item: CardListItem, said: readonly WhyView[], context: DrawContext): Piece[] {
  const shown = said
    .slice(0, MESSAGES_AN_ITEM)
    .flatMap(({ speaker, at, text }) =>
      quoted({ speaker: readableText(speaker, context), at, text: readableText(text, context) }, MESSAGE_CHARS),
    );
  const left = said.length - MESSAGES_AN_ITEM;
  return [
    [richText(section(...inline(shorten(readableText(item.text, context), ITEM_CHARS) || '–')))],
    ...(shown.length === 0 ? [[note('The message behind this is no longer kept.')]] : shown),
    ...(left > 0 ? [[note(`… and ${left === 1 ? '1 more message' : `${left} more messages`} like it`)]] : []),
  ];
}

function note(text: string) {
  return richText(section({ ...words(text), style: { italic: true } }));
}

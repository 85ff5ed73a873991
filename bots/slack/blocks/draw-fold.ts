import type { ModalView } from '@slack/types';
import type { Post } from '#src/ports/chat.ts';
import { buttonRows } from './buttons.ts';
import { drawBlocks } from './draw-blocks.ts';
import { ALL } from './drawing.ts';
import { actionsInMessage, drawLead } from './draw-post.ts';
import { slackLimits } from './limits.ts';
import { modal, MODAL_PAGE } from './modal.ts';
import { blockAt } from './paths.ts';
import { pagesOf } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { pressKinds } from './press-value.ts';
import { readableCard } from './readable-card.ts';
import { bold, prose, richText, section } from './rich-text.ts';
import type { DrawContext } from './slack-message.ts';
import { plain, splitText } from './words.ts';

/**
 * All of a fold in a modal, page by page; an empty path is the whole card. null: the card has no such fold any more.
 */
export function drawFold(post: Post, path: string, page: number, context: DrawContext): ModalView | null {
  const readable = { ...post, card: readableCard(post.card, context) };
  if (path === '') return drawPage(readable, 'Everything', everythingOf(readable, context), { path, page });
  const fold = blockAt(readable.card.blocks, path);
  if (fold?.type !== 'fold') return null;
  const summary = plain(fold.summary) || 'Details';
  const isShort = summary.length <= slackLimits.modalTitle;
  const title = isShort ? summary : 'Details';
  const heading = isShort ? [] : headingOf(summary);
  const drawn = drawBlocks(fold.blocks, path, { post: readable, context, amount: ALL });
  return drawPage(readable, title, [...heading, ...drawn.pieces], { path, page });
}

function everythingOf(post: Post, context: DrawContext): Piece[] {
  const { blocks, outcome } = post.card;
  return [
    ...drawLead(post, context, Infinity).pieces,
    ...drawBlocks(blocks, '', { post, context, amount: ALL }).pieces,
    ...prose(outcome ?? '').map((block) => [block]),
    ...buttonRows(actionsInMessage(post).hidden).map((row) => [row]),
  ];
}

function headingOf(title: string): Piece[] {
  return splitText(title, HEADING_CHARS).map((part) => [richText(section(bold(part)))]);
}

const HEADING_CHARS = 2_500;

/** A page that is no more is the last one. */
function drawPage(post: Post, title: string, pieces: readonly Piece[], at: { path: string; page: number }): ModalView {
  const pages = pagesOf(pieces, MODAL_PAGE);
  const blocks = pages[Math.min(at.page, pages.length - 1)] ?? [];
  return modal(post, title, blocks, { ...at, pages: pages.length }, pressKinds.page);
}

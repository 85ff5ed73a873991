import type { Button, KnownBlock, ModalView } from '@slack/types';
import type { Post } from '#src/ports/chat.ts';
import { buttonRows, openButton, plainText } from './buttons.ts';
import { MODAL_BLOCKS_CHARS, slackLimits } from './limits.ts';
import { withIds } from './pieces.ts';
import type { Room } from './pieces.ts';
import type { PressKind } from './press-value.ts';
import { richText, section, words } from './rich-text.ts';

/** What one page may hold beside its way to the others. */
export const MODAL_PAGE: Room = { blocks: slackLimits.blocksInModal - 1, chars: MODAL_BLOCKS_CHARS };

export interface ModalPage {
  path: string;
  page: number;
  pages: number;
}

/** One page, with the way to the others: buttons of `kind`. */
export function modal(
  post: Post,
  title: string,
  blocks: readonly KnownBlock[],
  at: ModalPage,
  kind: PressKind,
): ModalView {
  const page = Math.min(at.page, at.pages - 1);
  const to = (label: string, target: number): Button => openButton(post, kind, label, { path: at.path, page: target });
  const ways = [
    ...(page > 0 ? [to('Back', page - 1)] : []),
    ...(page < at.pages - 1 ? [to(`Next (${page + 2} of ${at.pages})`, page + 1)] : []),
  ];
  const shown = blocks.length === 0 ? [richText(section(words('There is nothing in here.')))] : blocks;
  return {
    type: 'modal',
    title: plainText(title, slackLimits.modalTitle),
    close: plainText('Close', slackLimits.modalButton),
    blocks: withIds([...shown, ...buttonRows(ways)], post.version),
  };
}

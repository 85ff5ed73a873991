import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { CardBlock } from '#src/ports/chat.ts';
import { REMARKS_TITLE } from '#src/review/pull-request-body.ts';
import { item } from './card-parts.ts';

/** Folded and named for what it is, so that nobody takes a model's reading for something that was checked. */
export function remarksBlock(remarks: QaResultPacket['remarks']): CardBlock[] {
  if (remarks.length === 0) return [];
  const items = remarks.map(({ path, text }) => item(text, { detail: path === null ? null : `\`${path}\`` }));
  return [{ type: 'fold', summary: REMARKS_TITLE, blocks: [{ type: 'list', title: null, items }] }];
}

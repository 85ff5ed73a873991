import type { ModalView } from '@slack/types';
import * as z from 'zod';
import type { CardAction, Post } from '#src/ports/chat.ts';
import { drawInputModal, readInputPress } from '../blocks/draw-input-modal.ts';
import type { InputPress } from '../blocks/draw-input-modal.ts';
import type { DrawContext } from '../blocks/slack-message.ts';
import { readSpot, writeSpot } from './pressed.ts';
import type { Spot } from './pressed.ts';

const keptSchema = z.strictObject({ press: z.string(), spot: z.string() });

/** The modal in which an action is given its words; it remembers where the answer goes. */
export function drawWordsModal(post: Post, action: CardAction, context: DrawContext, spot: Spot | null): ModalView {
  const view = drawInputModal(post, action, context);
  const kept = { press: view.private_metadata ?? '', spot: spot === null ? '' : writeSpot(spot) };
  return { ...view, private_metadata: JSON.stringify(kept) };
}

/** null: not one of ours. */
export function readWordsModal(privateMetadata: string): { press: InputPress; spot: Spot | null } | null {
  try {
    const kept = keptSchema.safeParse(JSON.parse(privateMetadata)).data;
    const press = kept === undefined ? null : readInputPress(kept.press);
    return kept === undefined || press === null ? null : { press, spot: readSpot(kept.spot) };
  } catch {
    return null;
  }
}

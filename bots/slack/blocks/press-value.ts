import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CardAction, CardBlock, Post } from '#src/ports/chat.ts';
import { slackLimits } from './limits.ts';

/** What a button carries back: the post and the version of it that the person saw. */
const pressValueSchema = z.strictObject({
  post: z.string(),
  version: z.int(),
  /** Of the block or item that is opened: its positions, outermost first, as in `2.0.4`; empty: the whole card. */
  path: z.string().optional(),
  page: z.int().min(0).optional(),
  /** Whose diff is asked for. */
  task: z.string().optional(),
});
export type PressValue = z.infer<typeof pressValueSchema>;

/** Buttons by what they do; an `action_id` begins with one of these and a colon. */
export const pressKinds = {
  /** A card's own action: goes to the desk. */
  card: 'card',
  /** Opens a fold, or the whole card, in a modal (`drawFold`). */
  fold: 'fold',
  /** Another page of that modal. */
  page: 'page',
  /** Asks why an item, or each item of a list, is here (`drawWhy`). */
  why: 'why',
  /** Another page of those answers. */
  whyPage: 'why-page',
  /** Asks for a task's diff. */
  diff: 'diff',
} as const;
export type PressKind = (typeof pressKinds)[keyof typeof pressKinds];

export function writePressValue(value: PressValue): string {
  return JSON.stringify(value);
}

/** null: not one of ours, or of a form that is no more. */
export function readPressValue(text: string | undefined): PressValue | null {
  if (text === undefined || text.length > slackLimits.value) return null;
  try {
    return pressValueSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Names that are too long for Slack are told apart by a hash. */
export function actionIdOf(kind: PressKind, name: string): string {
  const id = `${kind}:${name}`;
  if (id.length <= slackLimits.actionId) return id;
  return `${kind}:#${createHash('sha256').update(name).digest('hex')}`;
}

/** The action of a post that an `action_id` means; null when the post has it no more. */
export function actionOf(post: Pick<Post, 'card'>, actionId: string): CardAction | null {
  const all = [...post.card.actions, ...post.card.blocks.flatMap(actionsIn)];
  return all.find(({ name }) => actionIdOf(pressKinds.card, name) === actionId) ?? null;
}

function actionsIn(block: CardBlock): CardAction[] {
  if (block.type === 'list') return block.items.flatMap((item) => item.actions);
  return block.type === 'fold' ? block.blocks.flatMap(actionsIn) : [];
}

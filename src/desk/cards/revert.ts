import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { CardAction, CardBlock } from '#src/ports/chat.ts';
import { action, item } from './card-parts.ts';

/** `by`: the task that takes a merged change back, on its way or merged; null: none does. */
export interface Revert {
  by: Pick<StoryTaskRow, 'id' | 'number' | 'title' | 'state'> | null;
}

/** On the card of a merged change: what undoes it, until something does. */
export function revertActions(
  { id, number }: Pick<StoryTaskRow, 'id' | 'number'>,
  revert: Revert | null,
): CardAction[] {
  if (revert === null || revert.by !== null) return [];
  const confirm = `Take back what task ${number} merged? That is a task of its own, with checks and an approval.`;
  return [action('revert', 'Revert', { type: 'revert', taskId: id }, { style: 'danger', confirm })];
}

/** Leads to what takes it back. */
export function revertBlock(revert: Revert | null): CardBlock[] {
  if (revert === null || revert.by === null) return [];
  const { id, number, title, state } = revert.by;
  const mark = state === 'merged' ? 'done' : 'open';
  return [{ type: 'list', title: null, items: [item(`${number} · ${title}`, { mark, thread: { kind: 'task', id } })] }];
}

/** Ends the line that says what came of the change. */
export function revertWords(revert: Revert | null): string {
  if (revert === null || revert.by === null) return '';
  const { number, state } = revert.by;
  return state === 'merged' ? ` · reverted by task ${number}` : ` · task ${number} takes it back`;
}

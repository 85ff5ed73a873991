import type { Card } from '#src/ports/chat.ts';
import { action, card } from './card-parts.ts';

export interface TakeOver {
  taskId: string;
  by: string;
  /** What puts the branch before the person, one command a line. */
  commands: readonly string[];
  /** What to do so that it can be handed back. */
  advice: string;
  /** What came of it; null while the person works. */
  outcome: string | null;
}

/** A person has the branch: how to get at it, and how to give it back. */
export function takeOverCard({ taskId, by, commands, advice, outcome }: TakeOver): Card {
  return card('notice', outcome === null ? `The branch is yours, ${by}.` : `${by} worked on the branch.`, {
    tone: outcome === null ? 'waiting' : 'plain',
    blocks:
      outcome === null
        ? [
            { type: 'code', path: null, language: 'sh', text: commands.join('\n') },
            { type: 'text', text: advice },
          ]
        : [],
    actions: outcome === null ? [handBackAction(taskId)] : [],
    outcome,
  });
}

export function handBackAction(taskId: string) {
  return action('hand-back', 'Hand back', { type: 'hand-back', taskId }, { style: 'primary' });
}

import type { EventBodies } from '#src/ledger/event-types.ts';
import type { Card } from '#src/ports/chat.ts';
import { action, card } from './card-parts.ts';

export interface BudgetAsk {
  taskId: string;
  /** What is used up, and that nothing is lost. */
  text: string;
  budget: NonNullable<EventBodies['task.waiting']['budget']>;
  /** What came of it; null while it is still asked. */
  outcome: string | null;
}

/** A budget is used up: two buttons, and the one outcome in their place. */
export function budgetCard({ taskId, text, budget, outcome }: BudgetAsk): Card {
  const [lead, ...rest] = text.split(/(?<=[.?])\s+/);
  return card('question', lead ?? text, {
    tone: outcome === null ? 'waiting' : 'plain',
    blocks: outcome !== null || rest.length === 0 ? [] : [{ type: 'text', text: rest.join(' ') }],
    actions:
      outcome !== null
        ? []
        : [
            action(
              'allow',
              'Allow as much again',
              { type: 'raise-budget', taskId, scope: budget.scope, key: budget.key },
              { style: 'primary' },
            ),
            action(
              'stop',
              'Stop here',
              { type: 'stop', taskId },
              { style: 'danger', confirm: 'Stop this task? Its branch stays; the story goes back to the backlog.' },
            ),
          ],
    outcome,
  });
}

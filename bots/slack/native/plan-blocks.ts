import type { Log } from '#src/ports/log.ts';
import type { SlackMessage } from '../blocks/slack-message.ts';

/**
 * Whether the workspace takes `plan` and `task_card` blocks. No method of Slack tells, so they are tried: a message that
 * is refused with them was not posted, and is said again without. After the first such refusal they are left alone until
 * the next start.
 */
export interface PlanBlocks {
  areTried(): boolean;
  /** A message was refused with them, and taken without. */
  refused(): void;
}

export function createPlanBlocks(log: Log): PlanBlocks {
  let areTried = true;
  return {
    areTried: () => areTried,
    refused() {
      if (areTried) log.debug({ surface: 'slack' }, 'the workspace takes no plan blocks; steps are drawn as lines');
      areTried = false;
    },
  };
}

export function holdsPlan({ blocks = [] }: Partial<Pick<SlackMessage, 'blocks'>>): boolean {
  return blocks.some(({ type }) => type === 'plan' || type === 'task_card');
}

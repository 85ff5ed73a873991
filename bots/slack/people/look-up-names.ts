import type { Clock } from '#src/ports/clock.ts';
import type { People } from '#src/ports/surface.ts';
import { createExpiringCache } from '#bots/expiring-cache.ts';
import { userIdOf } from './actor.ts';
import type { SlackPeople } from './create-people.ts';

/** Whom Slack did not tell about is not asked for again before this: cards wait for the answer. */
const IN_VAIN_MS = 60_000;
const MAX_IN_VAIN = 1_000;

/** Names that were kept; who never spoke here, such as an approver, is asked of Slack. Never rejects for what Slack says. */
export function lookUpNames({
  kept,
  people,
  clock,
}: {
  kept: People;
  people: Pick<SlackPeople, 'person'>;
  clock: Clock;
}): People {
  const inVain = createExpiringCache<true>({ clock, limit: MAX_IN_VAIN, maxAgeMs: IN_VAIN_MS });
  const ask = async (userId: string): Promise<string | null> => {
    if (inVain.peek(userId) !== null) return null;
    const { name } = await people.person(userId);
    if (name !== userId) return name;
    await inVain.get(userId, async () => true);
    return null;
  };
  return {
    remember: (actor, name) => kept.remember(actor, name),
    async names(actors) {
      const names = new Map(await kept.names(actors));
      const unknown = actors.filter((actor) => !names.has(actor));
      await Promise.all(
        unknown.map(async (actor) => {
          const userId = userIdOf(actor);
          const name = userId === null ? null : await ask(userId);
          if (name !== null) names.set(actor, name);
        }),
      );
      return names;
    },
  };
}

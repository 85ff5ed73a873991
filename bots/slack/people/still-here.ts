import { userIdOf } from './actor.ts';
import type { SlackPeople } from './create-people.ts';

/** Those who can be called: whoever left the workspace would never answer. Groups, and people elsewhere, stay. */
export async function stillHere(
  people: Pick<SlackPeople, 'person' | 'forget'>,
  actors: readonly string[],
): Promise<string[]> {
  const here = await Promise.all(
    actors.map(async (actor) => {
      const user = userIdOf(actor);
      if (user === null) return true;
      // Slack is not asked to tell of every change of a person, so what is kept may be an hour old.
      people.forget(user);
      return !(await people.person(user)).hasLeft;
    }),
  );
  return actors.filter((_actor, index) => here[index]);
}

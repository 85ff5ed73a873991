import type { Credentials } from './credentials.ts';

/**
 * Gives out no token while the factory is halted. `requireGoing` throws then; `giveUp` takes back what was made while
 * the halt began.
 */
export function whileGoing(
  credentials: Credentials,
  requireGoing: () => Promise<void>,
  giveUp: () => Promise<unknown> = async () => {},
): Credentials {
  const within = async <T>(give: () => Promise<T>): Promise<T> => {
    await requireGoing();
    const given = await give();
    try {
      // A halt may have come in between, and looked for tokens before this one was there.
      await requireGoing();
    } catch (halted) {
      await giveUp();
      throw halted;
    }
    return given;
  };
  return {
    tokenFor: (repository, purpose) => within(() => credentials.tokenFor(repository, purpose)),
    refused: (token) => credentials.refused(token),
    botLogin: () => within(() => credentials.botLogin()),
  };
}

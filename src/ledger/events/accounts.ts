import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { linkedAccountId, replace } from '../rows.ts';

const account = {
  forge: z.enum(['github']),
  person: z.string(),
  /** As it was called when it was linked. */
  login: z.string(),
  /** The forge's id of it, which stays when it is renamed. */
  accountId: z.string(),
};

/** Which account of a forge is whose. What lets the factory act as it is kept elsewhere, and is no fact. */
export const accountEvents = {
  /** The person showed the forge that the account is theirs. Again: with another account, or anew with the same. */
  'account.linked': defineEvent({
    version: 1,
    body: z.strictObject(account),
    rows: ({ body, at }) => {
      const id = linkedAccountId(body);
      return [replace('linked_accounts', { id }, [{ id, ...body, linkedAt: at }])];
    },
  }),
  'account.unlinked': defineEvent({
    version: 1,
    body: z.strictObject(account),
    rows: ({ body }) => [replace('linked_accounts', { id: linkedAccountId(body) }, [])],
  }),
};

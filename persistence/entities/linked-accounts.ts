import { defineEntity, p } from '@mikro-orm/core';
import type { LinkedAccountRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const LinkedAccount = defineEntity({
  name: 'LinkedAccount',
  tableName: 'linked_accounts',
  uniques: [{ properties: ['forge', 'accountId'] }],
  properties: {
    id: p.text().primary(),
    forge: p.text(),
    person: p.text(),
    login: p.text(),
    accountId: p.text(),
    linkedAt: time(),
  } satisfies Columns<LinkedAccountRow>,
});

/** What lets the factory act as a person. No fact: the ledger does not hold it, and no replay brings it back. */
export const AccountToken = defineEntity({
  name: 'AccountToken',
  tableName: 'account_tokens',
  properties: {
    /** As the id of the account's row. */
    id: p.text().primary(),
    /** Ciphertext; its key is not in the database. */
    sealed: p.text(),
  },
});

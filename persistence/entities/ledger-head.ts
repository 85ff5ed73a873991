import { defineEntity, p } from '@mikro-orm/core';

/** One row: the last event's number and hash. Whoever appends locks it first, so numbers have no gaps. */
export const LedgerHead = defineEntity({
  name: 'LedgerHead',
  tableName: 'ledger_head',
  readonly: true,
  checks: [{ name: 'ledger_head_one_row', expression: 'one' }],
  properties: {
    one: p.boolean().primary(),
    seq: p.bigint('number'),
    hash: p.text(),
  },
});

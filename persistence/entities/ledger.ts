import { defineEntity, p } from '@mikro-orm/core';

/**
 * The recorded facts. Read here; written by the database function `ledger_append` only. `at` is text: the hash covers
 * its bytes, and a `timestamptz` would be written back otherwise by another server setting.
 */
export const LedgerEvent = defineEntity({
  name: 'LedgerEvent',
  tableName: 'ledger',
  readonly: true,
  uniques: [
    { properties: ['stream', 'position'] },
    {
      name: 'ledger_idempotency_unique',
      properties: ['stream', 'idempotencyKey'],
      where: 'idempotency_key is not null',
    },
  ],
  properties: {
    seq: p.bigint('number').primary().autoincrement(false),
    stream: p.text(),
    position: p.integer(),
    type: p.text(),
    version: p.integer(),
    actor: p.text(),
    agent: p.text().nullable(),
    taskId: p.text().nullable(),
    runId: p.text().nullable(),
    artifact: p.text().nullable(),
    cause: p.text().nullable(),
    idempotencyKey: p.text().nullable(),
    at: p.text(),
    /** Canonical JSON, hashed byte for byte. */
    body: p.text(),
    /** sha256, hex. */
    prevHash: p.text(),
    hash: p.text(),
  },
});

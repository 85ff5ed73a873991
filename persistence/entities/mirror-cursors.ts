import { defineEntity, p } from '@mikro-orm/core';

/** How far into the ledger a mirror has read: the `seq` of the last event that it showed. */
export const MirrorCursor = defineEntity({
  name: 'MirrorCursor',
  tableName: 'mirror_cursors',
  properties: {
    name: p.text().primary(),
    seq: p.bigint('number'),
  },
});

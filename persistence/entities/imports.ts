import { defineEntity, p } from '@mikro-orm/core';

/** Which conversations a file held: importing the same file again finds them. */
export const ImportEntity = defineEntity({
  name: 'Import',
  tableName: 'imports',
  indexes: [{ properties: ['conversationId'] }],
  properties: {
    /** sha256 of the file, hex. */
    fileHash: p.text().primary(),
    conversationId: p.text().primary(),
    projectId: p.text(),
  },
});

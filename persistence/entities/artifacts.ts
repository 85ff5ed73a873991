import { defineEntity, p } from '@mikro-orm/core';
import type { Artifact } from '#src/ledger/artifact.ts';
import { time } from '../column-types.ts';

/** Content by its hash. Erasing takes the content and leaves the row, so that it is known what was there. */
export const ArtifactEntity = defineEntity({
  name: 'Artifact',
  tableName: 'artifacts',
  properties: {
    /** sha256 of the content's UTF-8 bytes, hex. */
    hash: p.text().primary(),
    kind: p.text().$type<Artifact['kind']>(),
    mediaType: p.text().$type<Artifact['mediaType']>(),
    content: p.text().nullable(),
    bytes: p.integer(),
    erasedAt: time().nullable(),
  },
});

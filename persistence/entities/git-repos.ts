import { defineEntity, p } from '@mikro-orm/core';
import type { GitRepoRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const GitRepo = defineEntity({
  name: 'GitRepo',
  tableName: 'git_repos',
  indexes: [{ properties: ['projectId'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    forge: p.text(),
    path: p.text(),
    baseBranch: p.text(),
    createdAt: time(),
  } satisfies Columns<GitRepoRow>,
});

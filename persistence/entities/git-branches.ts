import { defineEntity, p } from '@mikro-orm/core';
import type { GitBranchRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const GitBranch = defineEntity({
  name: 'GitBranch',
  tableName: 'git_branches',
  indexes: [{ properties: ['taskId'] }, { properties: ['repoId', 'name'] }],
  properties: {
    id: p.text().primary(),
    repoId: p.text(),
    taskId: p.text(),
    name: p.text(),
    baseSha: p.text(),
    headSha: p.text(),
    createdAt: time(),
  } satisfies Columns<GitBranchRow>,
});

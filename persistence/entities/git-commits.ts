import { defineEntity, p } from '@mikro-orm/core';
import type { GitCommitRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const GitCommit = defineEntity({
  name: 'GitCommit',
  tableName: 'git_commits',
  indexes: [{ properties: ['branchId'] }],
  properties: {
    id: p.text().primary(),
    branchId: p.text(),
    sha: p.text(),
    title: p.text(),
    agent: p.text(),
    at: time(),
  } satisfies Columns<GitCommitRow>,
});

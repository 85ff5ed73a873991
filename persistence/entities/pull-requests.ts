import { defineEntity, p } from '@mikro-orm/core';
import type { PullRequestRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const PullRequest = defineEntity({
  name: 'PullRequest',
  tableName: 'pull_requests',
  uniques: [{ properties: ['taskId'] }, { properties: ['repoId', 'number'] }],
  properties: {
    id: p.text().primary(),
    /** At most one pull request a task: the database refuses a second. */
    taskId: p.text(),
    repoId: p.text(),
    number: p.integer(),
    url: p.text(),
    state: p.text().$type<PullRequestRow['state']>(),
    baseSha: p.text(),
    headSha: p.text(),
    diffHash: p.text(),
    bodyArtifact: p.text(),
    openedAt: time(),
    mergedSha: p.text().nullable(),
    closedAt: time().nullable(),
  } satisfies Columns<PullRequestRow>,
});

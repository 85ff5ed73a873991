import { defineEntity, p } from '@mikro-orm/core';
import type { ApprovalRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const Approval = defineEntity({
  name: 'Approval',
  tableName: 'approvals',
  indexes: [{ properties: ['taskId'] }, { properties: ['pullRequestId'] }],
  properties: {
    id: p.text().primary(),
    taskId: p.text(),
    pullRequestId: p.text(),
    action: p.text(),
    actor: p.text(),
    byRequester: p.boolean(),
    headSha: p.text(),
    diffHash: p.text(),
    grantedAt: time(),
    expiresAt: time(),
    state: p.text().$type<ApprovalRow['state']>(),
    reason: p.text().nullable(),
  } satisfies Columns<ApprovalRow>,
});

import { describe, expect, it } from 'vitest';
import { approverBehind } from '#src/review/approval-on-forge.ts';
import { mayApprove } from '#src/review/rights.ts';
import type { ApprovalRights } from '#src/review/rights.ts';

const ADA = 'slack:U0ADA';
const linkedAda = { forge: 'github', person: ADA, login: 'ada', accountId: '7' };
const rights = (more: Partial<ApprovalRights> = {}): ApprovalRights => ({
  approvers: [ADA, 'slack:U0BEN'],
  linked: [linkedAda],
  forge: 'github',
  ...more,
});
const review = { by: 'ada', accountId: '7' };

describe('an approving review on the forge', () => {
  it('is the decision of the person who linked the account, also after it was renamed', () => {
    expect(approverBehind(review, 'grace', rights())).toBe(ADA);
    expect(approverBehind({ ...review, by: 'ada-l' }, 'grace', rights())).toBe(ADA);
    expect(
      approverBehind(
        review,
        'grace',
        rights({ approvers: ['slack:S0LEADS'], members: new Map([['slack:S0LEADS', [ADA]]]) }),
      ),
    ).toBe(ADA);
  });

  it('is that of an account that is listed by its name, in whatever case', () => {
    const listed = rights({ approvers: ['github:Ada'], linked: [] });
    expect(approverBehind(review, 'grace', listed)).toBe('github:Ada');
    expect(approverBehind({ by: 'mallory', accountId: '9' }, 'grace', listed)).toBeNull();
  });

  it('is nobody’s where the account is not linked by an approver, or the list is empty (C03, C06, A18)', () => {
    expect(approverBehind(review, 'grace', rights({ approvers: ['slack:U0BEN'] }))).toBeNull();
    expect(approverBehind(review, 'grace', rights({ linked: [] }))).toBeNull();
    expect(approverBehind(review, 'grace', rights({ approvers: [] }))).toBeNull();
    // Another account has the name now: it is not the one that she linked.
    expect(approverBehind({ by: 'ada', accountId: '8' }, 'grace', rights())).toBeNull();
    expect(approverBehind(review, 'grace', rights({ forge: 'gitlab' }))).toBeNull();
  });

  it.each([
    { requester: ADA, approvers: [ADA, 'slack:U0BEN'] },
    { requester: ADA, approvers: ['github:ada', 'slack:U0BEN'] },
    { requester: 'github:ada', approvers: [ADA, 'slack:U0BEN'] },
    { requester: 'github:Ada', approvers: [ADA, 'github:ada'] },
  ])('is nobody’s where they asked for the change as $requester and $approvers may approve (A22)', (given) => {
    expect(approverBehind(review, given.requester, rights(given))).toBeNull();
    expect(approverBehind({ ...review, by: 'ada-l' }, given.requester, rights(given))).toBeNull();
  });
});

describe('somebody with two names', () => {
  it('is one person: what they asked for under one they do not approve under the other (A22)', () => {
    expect(mayApprove(ADA, 'github:ada', rights())).toMatchObject({ allowed: false, code: 'requester-cannot-approve' });
    expect(mayApprove(ADA, 'github:ADA', rights())).toMatchObject({ allowed: false, code: 'requester-cannot-approve' });
    expect(mayApprove('github:ada', ADA, rights({ approvers: ['github:ada'] }))).toMatchObject({ allowed: false });
    expect(mayApprove(ADA, 'github:ada', rights({ linked: [] }))).toMatchObject({ allowed: true });
    expect(mayApprove('slack:U0BEN', 'github:ada', rights())).toMatchObject({ allowed: true });
  });

  it('gains no right by linking an account that has one', () => {
    expect(mayApprove(ADA, 'grace', rights({ approvers: ['github:ada'] }))).toMatchObject({
      allowed: false,
      code: 'not-an-approver',
    });
  });
});

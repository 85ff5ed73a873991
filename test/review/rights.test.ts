import { describe, expect, it } from 'vitest';
import { personaNames } from '#src/ports/personas.ts';
import { effectiveApprovers, LOCAL_USER, mayApprove } from '#src/review/rights.ts';
import type { ApprovalRights } from '#src/review/rights.ts';

const codeOf = (actor: string, requester: string, rights: ApprovalRights) => {
  const answer = mayApprove(actor, requester, rights);
  return answer.allowed ? (answer.byRequester ? 'solo' : 'yes') : answer.code;
};

describe('who may approve', () => {
  const team = { approvers: ['grace', 'linus'], forge: 'local' };

  it('is an approver who did not commit the story', () => {
    expect(codeOf('grace', 'ada', team)).toBe('yes');
    expect(codeOf('grace', 'linus', team)).toBe('yes');
  });

  it.each([...personaNames, 'Tess', 'persona:tess', 'persona:someone', 'factory'])(
    'is never the factory itself, not even where it is listed: %s (C06, A22)',
    (actor) => {
      expect(codeOf(actor, 'ada', { approvers: [actor, 'grace'], forge: 'local' })).toBe('persona-cannot-approve');
    },
  );

  it('is nobody where the list is empty (C03, A18)', () => {
    for (const actor of ['ada', 'grace', LOCAL_USER]) {
      expect(codeOf(actor, 'ada', { approvers: [], forge: 'local' })).toBe('no-approvers');
    }
  });

  it('is nobody who is not listed, by exactly that name (C06, A18)', () => {
    for (const actor of ['ada', 'eve', 'Grace', 'grace ', ''])
      expect(codeOf(actor, 'bob', team)).toBe('not-an-approver');
  });

  it('is not the requester, who is told whom to ask (C06)', () => {
    expect(mayApprove('grace', 'grace', team)).toMatchObject({ code: 'requester-cannot-approve', fix: 'Ask linus.' });
    expect(mayApprove('grace', 'grace', { approvers: ['grace'], forge: 'local' })).toMatchObject({
      allowed: false,
      fix: expect.stringContaining('APPROVERS'),
    });
  });

  it.each([
    { approvers: [LOCAL_USER], forge: 'local', requester: LOCAL_USER, expected: 'solo' },
    { approvers: [LOCAL_USER, LOCAL_USER], forge: 'local', requester: LOCAL_USER, expected: 'solo' },
    { approvers: [LOCAL_USER, 'grace'], forge: 'local', requester: LOCAL_USER, expected: 'requester-cannot-approve' },
    { approvers: [LOCAL_USER], forge: 'github', requester: LOCAL_USER, expected: 'requester-cannot-approve' },
    { approvers: ['grace'], forge: 'local', requester: LOCAL_USER, expected: 'not-an-approver' },
    { approvers: [LOCAL_USER], forge: 'local', requester: 'ada', expected: 'yes' },
  ])(
    'lets the local user approve their own story only alone, on a local forge: $approvers $forge $requester',
    ({ approvers, forge, requester, expected }) => {
      expect(codeOf(LOCAL_USER, requester, { approvers, forge })).toBe(expected);
    },
  );

  it('lets no other single approver approve their own story', () => {
    expect(codeOf('ada', 'ada', { approvers: ['ada'], forge: 'local' })).toBe('requester-cannot-approve');
  });
});

describe('approvers', () => {
  it.each([
    { setting: ['ada', 'grace'], repository: null, expected: ['ada', 'grace'] },
    { setting: ['ada', 'grace'], repository: ['grace', 'eve'], expected: ['grace'] },
    { setting: ['ada'], repository: ['eve'], expected: [] },
    { setting: ['ada'], repository: [], expected: [] },
    { setting: [], repository: ['eve'], expected: [] },
  ])(
    'are those whom both the setting and the repository name: $setting and $repository',
    ({ setting, repository, expected }) => {
      expect(effectiveApprovers(setting, repository)).toEqual(expected);
    },
  );
});

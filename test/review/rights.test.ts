import { describe, expect, it } from 'vitest';
import { personaNames } from '#src/ports/personas.ts';
import { FactoryError } from '#src/errors.ts';
import { noGroups } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import { readApprovers } from '#src/review/read-approvers.ts';
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

const LEADS = 'slack:S0LEADS';
const OPS = 'slack:S0OPS';
const ANA = 'slack:U0ANA';
const BEN = 'slack:U0BEN';
const EVE = 'slack:U0EVE';

/** Groups by their members; others cannot be read. */
const groupsOf = (known: Record<string, string[]>): Groups => ({
  members: async (group) => {
    const members = known[group];
    if (members !== undefined) return members;
    throw new FactoryError('group-unreadable', `The group ${group} could not be read.`, { fix: 'Add the permission.' });
  },
});

async function mayNow(
  actor: string,
  lists: { setting: string[]; repository?: string[] | null; known?: Record<string, string[]>; requester?: string },
) {
  const { setting, repository = null, known = {}, requester = 'bob' } = lists;
  const rights = { ...(await readApprovers(groupsOf(known), setting, repository)), forge: 'local' };
  return mayApprove(actor, requester, rights);
}

describe('a group of approvers', () => {
  it('lets each of its members approve, and people are told of it as a group', async () => {
    const setting = [LEADS, 'grace'];
    const known = { [LEADS]: [ANA, BEN] };
    expect(await mayNow(ANA, { setting, known })).toEqual({ allowed: true, byRequester: false });
    expect(await mayNow('grace', { setting, known })).toMatchObject({ allowed: true });
    expect(await mayNow(EVE, { setting, known })).toMatchObject({
      code: 'not-an-approver',
      fix: `Ask the group ${LEADS} or grace.`,
    });
  });

  it('is nobody by its own name (C06)', async () => {
    expect(await mayNow(LEADS, { setting: [LEADS], known: { [LEADS]: [ANA] } })).toMatchObject({ allowed: false });
    expect(await mayNow(LEADS, { setting: [LEADS] })).toMatchObject({ allowed: false });
  });

  it('lets no member approve what they committed themselves (C06)', async () => {
    const asked = { setting: [LEADS], known: { [LEADS]: [ANA] }, requester: ANA };
    expect(await mayNow(ANA, asked)).toMatchObject({
      code: 'requester-cannot-approve',
      fix: `Ask the group ${LEADS}.`,
    });
  });

  it('that cannot be read gives nobody the right, says what to do, and takes none from others (C07, A18)', async () => {
    const setting = [LEADS, 'grace'];
    expect(await mayNow(ANA, { setting })).toEqual({
      allowed: false,
      code: 'group-unreadable',
      reason: `It cannot be seen whether ${ANA} may approve. The group ${LEADS} could not be read.`,
      fix: 'Add the permission. Or ask grace.',
    });
    expect(await mayNow('grace', { setting })).toMatchObject({ allowed: true });
    expect(await mayNow(ANA, { setting: [LEADS], repository: [ANA] })).toMatchObject({ code: 'group-unreadable' });
  });

  it('needs a surface that has groups', async () => {
    const { unread } = await readApprovers(noGroups, [LEADS], null);
    expect(unread).toMatchObject([{ group: LEADS, reason: expect.stringContaining('Slack is not set up') }]);
  });

  it.each([
    { setting: [LEADS], repository: [ANA], may: [ANA] },
    { setting: [ANA, EVE], repository: [LEADS], may: [ANA] },
    { setting: [LEADS], repository: [LEADS], may: [ANA, BEN] },
    { setting: [LEADS], repository: [OPS], may: [BEN] },
    { setting: [LEADS, EVE], repository: [LEADS], may: [ANA, BEN] },
    { setting: [LEADS], repository: [LEADS, EVE], may: [ANA, BEN] },
    { setting: [LEADS], repository: [], may: [] },
  ])(
    'in one list and people in the other: only who is in both, $setting and $repository (C03)',
    async ({ setting, repository, may }) => {
      const known = { [LEADS]: [ANA, BEN], [OPS]: [BEN, EVE] };
      const allowed = [];
      for (const actor of [ANA, BEN, EVE])
        if ((await mayNow(actor, { setting, repository, known })).allowed) allowed.push(actor);
      expect(allowed).toEqual(may);
    },
  );

  it.each([[[]], [undefined]])('makes nobody solo, however few are in it: %j', async (members) => {
    const asked = { setting: [LOCAL_USER, LEADS], requester: LOCAL_USER, repository: [LOCAL_USER, ANA] };
    const known = members === undefined ? {} : { [LEADS]: members };
    expect(await mayNow(LOCAL_USER, { ...asked, known })).toMatchObject({ code: 'requester-cannot-approve' });
  });
});

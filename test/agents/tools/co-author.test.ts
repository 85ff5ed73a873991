import { describe, expect, it } from 'vitest';
import { coAuthorTrailer } from '#agents/tools/co-author.ts';

const repo = { id: 'repo', path: 'github:acme/shop', baseBranch: 'main' };
const committedAt = '2026-11-20T09:00:00.000Z';

function trailerFor(requester: string, { forge = 'github', linkedAt = '' } = {}): Promise<string> {
  const row = { id: '', forge: 'github', person: requester, login: 'ada-l', accountId: '7', linkedAt };
  const tables = { get: async () => (linkedAt === '' ? null : row) };
  const tools = { forge: { kindOf: () => forge }, unitOfWork: { tables } } as unknown as Parameters<
    typeof coAuthorTrailer
  >[0];
  return coAuthorTrailer(tools, repo, { requester, committedAt });
}

describe('whom a commit credits', () => {
  it('a linked account, by the address that GitHub gives out for it', async () => {
    expect(await trailerFor('slack:U1', { linkedAt: '2026-11-19T09:00:00.000Z' })).toBe(
      '\n\nCo-authored-by: ada-l <7+ada-l@users.noreply.github.com>',
    );
  });

  it('whoever asked on GitHub itself', async () => {
    expect(await trailerFor('github:grace')).toBe('\n\nCo-authored-by: grace <grace@users.noreply.github.com>');
  });

  it.each([
    ['of whom no account is known', 'slack:U1', {}],
    ['in a folder of this machine', 'github:grace', { forge: 'local' }],
    [
      'whose account was linked later, so that a step done twice makes the same commit',
      'local',
      { linkedAt: '2026-11-20T09:00:00.001Z' },
    ],
    ['whose name would be a trailer of its own', 'github:a\nSigned-off-by: b', {}],
  ])('nobody %s', async (_what, requester, setting) => {
    expect(await trailerFor(requester, setting)).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { openGithub } from '#test/infra/github-stand-in/open-github.ts';
import { openAccounts } from './open-accounts.ts';

const ADA = 'slack:U0ADA';
const HOUR_MS = 3_600_000;

async function opened(setup: { userTokensExpire?: boolean } = {}) {
  const { github } = await openGithub({ apps: { workbench: setup } });
  return { github, ...openAccounts(github) };
}

describe('linking an account on GitHub', () => {
  it('shows a code, waits until it is entered, and says whose account it is', async () => {
    const { github, accounts, onPause, pauses, sealed } = await opened();
    const offer = await accounts.begin(ADA);
    expect(offer.address).toBe(`${github.url}/login/device`);
    expect(offer.expiresAt.getTime() - github.clock.nowMs()).toBeGreaterThan(14 * 60_000);
    onPause(() => void (pauses.length === 3 && github.people.ben.enterCode(offer.userCode)));
    const account = { person: ADA, login: 'ben', accountId: String(github.people.ben.account.id) };
    expect(await offer.answer).toMatchObject({ outcome: 'proven', account });
    expect(pauses).toEqual([5_000, 5_000, 5_000]);
    // Nothing is kept until whoever asked says so.
    expect(sealed.size).toBe(0);
  });

  it('asks more rarely when GitHub says so', async () => {
    const { github, accounts, onPause, pauses } = await opened();
    const offer = await accounts.begin(ADA);
    onPause(() => {
      if (pauses.length === 2) github.clock.advance(-4_000);
      if (pauses.length === 4) github.people.ben.enterCode(offer.userCode);
    });
    expect(await offer.answer).toMatchObject({ outcome: 'proven' });
    expect(pauses).toEqual([5_000, 5_000, 10_000, 10_000]);
  });

  it('ends when they decline, when the code runs out, when they ask for another one, and with the process', async () => {
    const { github, accounts, onPause } = await opened();
    const declined = await accounts.begin(ADA);
    github.people.ben.denyCode(declined.userCode);
    expect(await declined.answer).toEqual({ outcome: 'denied' });
    expect(await (await accounts.begin(ADA)).answer).toEqual({ outcome: 'expired' });

    onPause(() => github.clock.advance(-5_000));
    const first = await accounts.begin(ADA);
    const second = await accounts.begin(ADA);
    expect(await first.answer).toEqual({ outcome: 'ended' });
    await accounts.stop();
    expect(await second.answer).toEqual({ outcome: 'ended' });
  });

  it('says what to do where the App is not known, or none is set', async () => {
    const { github } = await openGithub();
    await expect(openAccounts(github, { clientId: 'Iv1.nobody' }).accounts.begin(ADA)).rejects.toMatchObject({
      code: 'accounts-not-set-up',
      fix: expect.stringContaining('GITHUB_CLIENT_ID'),
    });
    await expect(openAccounts(github, { clientId: null }).accounts.begin(ADA)).rejects.toMatchObject({
      code: 'accounts-not-set-up',
    });
  });
});

describe('what lets the factory act as a person', () => {
  it('is sealed in the database, and is in no log', async () => {
    const { accounts, link, sealed, logged } = await opened();
    await link(ADA, 'ben');
    const token = await accounts.tokenOf(ADA);
    expect(token).toMatchObject({ outcome: 'token', account: { login: 'ben' } });
    const value = token.outcome === 'token' ? token.token : '';
    expect(value).toMatch(/^ghu_/);
    const kept = [...sealed.values()].map((text) => Buffer.from(text, 'base64').toString('latin1')).join();
    expect(kept).not.toContain(value);
    expect(JSON.stringify(logged)).not.toContain(value);
  });

  it('is nobody else’s, whatever was copied in the database', async () => {
    const { accounts, link, rows, sealed } = await opened();
    await link(ADA, 'ben');
    rows.set('github/slack:U0MALLORY', {
      ...rows.get(`github/${ADA}`)!,
      id: 'github/slack:U0MALLORY',
      person: 'slack:U0MALLORY',
    });
    sealed.set('github/slack:U0MALLORY', sealed.get(`github/${ADA}`) ?? '');
    expect(await accounts.tokenOf('slack:U0MALLORY')).toMatchObject({ outcome: 'missed', reason: 'unreadable' });
  });

  it('cannot be read with another key, which is said and changes nothing', async () => {
    const { accounts, link, withKey } = await opened();
    const account = await link(ADA, 'ben');
    const elsewhere = withKey(Buffer.alloc(32, 9));
    expect(await elsewhere.tokenOf(ADA)).toMatchObject({ outcome: 'missed', reason: 'unreadable' });
    expect(await elsewhere.isUsable(account)).toBe(false);
    expect(await accounts.isUsable(account)).toBe(true);
    expect(await accounts.tokenOf(ADA)).toMatchObject({ outcome: 'token' });
  });

  it('is gone when they unlink, when the ledger does not know them, and when GitHub refuses it', async () => {
    const { accounts, link, rows, sealed } = await opened();
    await link(ADA, 'ben');
    await accounts.forget(ADA);
    expect(sealed.size).toBe(0);
    expect(await accounts.tokenOf(ADA)).toEqual({ outcome: 'none' });

    await link(ADA, 'ben');
    const row = rows.get(`github/${ADA}`);
    rows.clear();
    expect(await accounts.tokenOf(ADA)).toEqual({ outcome: 'none' });
    if (row !== undefined) rows.set(row.id, row);

    const old = await accounts.tokenOf(ADA);
    await link(ADA, 'ben');
    // It was linked anew meanwhile: only what was refused goes.
    await accounts.refused(ADA, old.outcome === 'token' ? old.token : '');
    const fresh = await accounts.tokenOf(ADA);
    expect(fresh).toMatchObject({ outcome: 'token' });
    await accounts.refused(ADA, fresh.outcome === 'token' ? fresh.token : '');
    expect(await accounts.tokenOf(ADA)).toEqual({ outcome: 'none' });
  });

  it('is renewed before it ends, once for all who need it then', async () => {
    const { github, accounts, link } = await opened({ userTokensExpire: true });
    await link(ADA, 'ben');
    const valueNow = async () => {
      const token = await accounts.tokenOf(ADA);
      return token.outcome === 'token' ? token.token : token.outcome;
    };
    const first = await valueNow();
    expect(await valueNow()).toBe(first);
    github.clock.advance(8 * HOUR_MS - 60_000);
    const [second, same] = await Promise.all([valueNow(), valueNow()]);
    expect(second).toMatch(/^ghu_/);
    expect(second).not.toBe(first);
    expect(same).toBe(second);
  });

  it('is missed, and deleted, where GitHub does not renew it', async () => {
    const { github, accounts, link, sealed } = await opened({ userTokensExpire: true });
    await link(ADA, 'ben');
    for (const { token } of github.hub.renewals) github.revoke(token);
    github.clock.advance(8 * HOUR_MS);
    expect(await accounts.tokenOf(ADA)).toMatchObject({ outcome: 'missed', reason: 'refused' });
    expect(sealed.size).toBe(0);
    expect(await accounts.tokenOf(ADA)).toEqual({ outcome: 'none' });
  });
});

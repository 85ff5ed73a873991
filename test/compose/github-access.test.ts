import { describe, expect, it, onTestFinished } from 'vitest';
import { type GitHubAccess, openGitHubAccess } from '#src/compose/github-access.ts';
import type { GitHubSettings } from '#src/github-settings.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { silentLog } from '#src/ports/log.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import { waitFor } from '#test/support/wait-for.ts';

const SHOP = { owner: 'acme', name: 'shop' } as const;
const AT = '2026-11-21T10:00:00.000Z';

/** The stream of the factory, as some process wrote it. */
function ledger() {
  const events: RecordedEvent[] = [];
  const append = (type: string): void =>
    void events.push({
      type,
      seq: events.length + 1,
      actor: 'ada',
      at: AT,
      artifact: null,
    } as unknown as RecordedEvent);
  let haltsAfterLook = false;
  return {
    async stream() {
      const seen = [...events];
      if (haltsAfterLook) append('factory.halted');
      haltsAfterLook = false;
      return seen;
    },
    halt: () => append('factory.halted'),
    /** Whoever looks next sees no halt, and all who look later see it. */
    haltAfterLook: () => void (haltsAfterLook = true),
    resume: () => append('factory.resumed'),
  };
}

/** `who`: a token, or `app`. */
async function withAccess(who: string) {
  const github = await startGitHub();
  onTestFinished(() => github.close());
  const { id, privateKey: pem } = github.apps.workbench;
  const settings: GitHubSettings = {
    token: who === 'app' ? null : who,
    app: who === 'app' ? { id: String(id), key: { kind: 'pem', pem } } : null,
    apiUrl: github.apiUrl,
    webUrl: github.url,
    label: 'factory',
    webhook: null,
    clientId: null,
    accountsKey: null,
  };
  const factory = ledger();
  const clock = { now: () => new Date(github.clock.nowMs()) };
  const access = await openGitHubAccess(settings, { ledger: factory, clock, log: silentLog });
  if (access === null) throw new Error('GitHub is set up here.');
  onTestFinished(() => access.stop());
  const minted = () => github.callsTo('apps/create-installation-access-token').length;
  const tokens = () => [...github.hub.tokens.values()].filter(({ kind }) => kind === 'installation');
  return { github, factory, access, minted, tokens };
}

const ask = (access: GitHubAccess) => access.credentials.tokenFor(SHOP, 'issues');
const HALTED = { code: 'factory-halted', message: 'ada halted the factory, so nothing works at the moment.' };

describe('a halt takes the credentials of GitHub away (C28)', () => {
  it('revokes the tokens of an App at once, and says so', async () => {
    const { factory, access, tokens } = await withAccess('app');
    await ask(access);
    factory.halt();
    expect(await access.takeBack()).toBe('Its tokens of GitHub are revoked.');
    expect(tokens().map(({ isRevoked }) => isRevoked)).toEqual([true]);
  });

  it('mints none while it stands, not even to say who it is, and again after the resume', async () => {
    const { factory, access, minted } = await withAccess('app');
    factory.halt();
    expect(await access.takeBack()).toBe('Tokens of GitHub are revoked wherever a process holds any.');
    await expect(ask(access)).rejects.toMatchObject(HALTED);
    await expect(access.credentials.botLogin()).rejects.toMatchObject(HALTED);
    expect(minted()).toBe(0);
    factory.resume();
    await expect(ask(access)).resolves.toMatch(/^ghs_/);
  });

  it('is noticed where another process halted the factory', async () => {
    const { factory, access, tokens } = await withAccess('app');
    await ask(access);
    factory.halt();
    await waitFor(() => tokens().every(({ isRevoked }) => isRevoked));
    expect(tokens()).toHaveLength(1);
  });

  it('revokes a token that was made while the halt began, and gives it to nobody', async () => {
    const { factory, access, tokens } = await withAccess('app');
    factory.haltAfterLook();
    await expect(ask(access)).rejects.toMatchObject(HALTED);
    expect(tokens()).toHaveLength(1);
    expect(tokens().filter(({ isRevoked }) => !isRevoked)).toEqual([]);
  });

  it('says what to do where GitHub does not revoke them', async () => {
    const { factory, access, github } = await withAccess('app');
    await ask(access);
    github.faults.status('apps/revoke-installation-access-token', 502);
    factory.halt();
    expect(await access.takeBack()).toContain('they end within the hour');
  });

  it.each([
    ['github_pat_11AA', '/settings/personal-access-tokens'],
    ['ghp_11AA', '/settings/tokens'],
  ])('uses a fixed token no more, and says where to delete it: %s', async (token, page) => {
    const { factory, access, github } = await withAccess(token);
    expect(await ask(access)).toBe(token);
    factory.halt();
    await expect(ask(access)).rejects.toMatchObject(HALTED);
    const said = await access.takeBack();
    expect(said).toContain(`delete it at ${github.url}${page}.`);
    expect(said).not.toContain(token);
    factory.resume();
    expect(await ask(access)).toBe(token);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LinkAnswer } from '#src/ports/linked-accounts.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { inIdea, inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
/** GitHub knows it from here on, by person. */
let enters: Map<string, () => void>;

beforeEach(async () => {
  front = await openFront();
  enters = new Map();
  front.accounts = {
    forge: 'github',
    begin: async (person) => ({
      userCode: `CODE-${enters.size + 1}`,
      address: 'https://github.example/login/device',
      expiresAt: new Date(Date.now() + 900_000),
      answer: new Promise<LinkAnswer>((resolve) => {
        const account = { person, login: 'octo-ben', accountId: '7' };
        enters.set(person, () => resolve({ outcome: 'proven', account, keep: async () => {} }));
      }),
    }),
    isUsable: async () => false,
    forget: async () => {},
  };
}, TIMEOUT_MS);
afterEach(() => front.close());

describe('link github in Slack', { timeout: TIMEOUT_MS }, () => {
  it('shows its code to the one who asked, in a thread, and tells them later that it worked', async () => {
    const { slack, settle, said, ana, ben, told } = await inIdea(front);
    ben.say('ideas', 'link github', { thread: said });
    await settle();
    expect(told(ben).at(-1)).toContain('CODE-1');
    expect(told(ana).join('\n')).not.toContain('CODE-1');
    enters.get(`slack:${ben.id}`)?.();
    await waitFor(() => told(ben).at(-1)?.includes('octo-ben') === true);
    expect(told(ana).join('\n')).not.toContain('octo-ben');
    const posts = await front.tools.posts.thread({
      kind: 'project',
      id: (await front.desk.overview('')).projects[0]?.id ?? '',
    });
    expect(JSON.stringify(posts)).not.toContain('CODE-1');
    await slack.close();
  });

  it('needs no project: called in a channel that is bound to none, or by the command', async () => {
    const { slack, settle, ana, ben, told } = await inSlack(front, { isBound: false });
    ben.say('ideas', '@workbench link github');
    await settle();
    expect(told(ben).at(-1)).toContain('CODE-1');
    await ana.command('ideas', '/workbench link github');
    await settle();
    expect(told(ana).at(-1)).toContain('CODE-2');
    enters.get(`slack:${ana.id}`)?.();
    await waitFor(() => told(ana).at(-1)?.includes('octo-ben') === true);
    await ana.command('ideas', '/workbench unlink github');
    await settle();
    expect(told(ana).at(-1)).toContain('not linked to you any more');
    await slack.close();
  });

  it('is talk where nobody called the factory', async () => {
    const { slack, settle, ben, told } = await inSlack(front);
    ben.say('ideas', 'link github');
    await settle();
    expect(told(ben)).toEqual([]);
    expect(enters.size).toBe(0);
    await slack.close();
  });
});

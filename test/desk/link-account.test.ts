import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkWordIn } from '#src/desk/link-words.ts';
import { isCommandOrAside } from '#src/desk/say.ts';
import { FactoryError } from '#src/errors.ts';
import type { DeskAnswer, ThreadRef } from '#src/ports/chat.ts';
import type { LinkAnswer, OwnAccount } from '#src/ports/linked-accounts.ts';
import { type Front, openFront } from './front.ts';

let front: Front;
let channel: ThreadRef;
beforeAll(async () => {
  front = await openFront();
  channel = { kind: 'project', id: await front.project() };
});
afterAll(() => front.close());

/** What GitHub says of the code, and what the factory may act with then, by person. */
let comesTo: (person: string) => LinkAnswer;
let kept: Map<string, OwnAccount>;
let refuses: FactoryError | null;
const proven =
  (login: string, accountId: string) =>
  (person: string): LinkAnswer => {
    const account = { person, login, accountId };
    return { outcome: 'proven', account, keep: async () => void kept.set(person, account) };
  };

beforeEach(async () => {
  kept = new Map();
  refuses = null;
  comesTo = proven('ada', '7');
  front.accounts = {
    forge: 'github',
    async begin(person) {
      if (refuses !== null) throw refuses;
      const expiresAt = new Date(Date.now() + 15 * 60_000);
      const answer = Promise.resolve(comesTo(person));
      return { userCode: 'ABCD-1234', address: 'https://github.example/login/device', expiresAt, answer };
    },
    isUsable: async ({ person }) => kept.has(person),
    forget: async (person) => void kept.delete(person),
  };
  for (const person of ['ada', 'ben']) await front.say(person, channel, 'unlink github');
});

const laterOf = (answer: DeskAnswer) => (answer.ok ? answer.later : undefined);
const link = async (person: string) => laterOf(await front.say(person, channel, 'link github'));
const linked = async () =>
  (await front.tools.unitOfWork.tables.find('linked_accounts', {})).map(({ person, login }) => `${person} is ${login}`);
const facts = () => front.tools.unitOfWork.ledger.stream('accounts:github');

describe('link github', () => {
  it('names the code and where it goes, and says later that it worked', async () => {
    const answer = await front.say('ada', channel, 'Link GitHub');
    expect(answer).toMatchObject({ ok: true });
    expect(answer.text).toContain('https://github.example/login/device');
    expect(answer.text).toContain('**ABCD-1234** within 15 minutes');
    expect(await laterOf(answer)).toContain('Your account on GitHub is **ada** from now on');
    expect(await linked()).toEqual(['ada is ada']);
    expect(kept.get('ada')?.accountId).toBe('7');
    const fact = (await facts()).at(-1);
    expect(fact).toMatchObject({ type: 'account.linked', actor: 'ada', artifact: null });
    expect(fact?.body).toEqual({ forge: 'github', person: 'ada', login: 'ada', accountId: '7' });
  });

  it('keeps the words and the code out of every thread', async () => {
    const before = (await front.tools.posts.thread(channel)).length;
    await link('ada');
    expect(await front.tools.posts.thread(channel)).toHaveLength(before);
    const said = JSON.stringify(await front.tools.unitOfWork.ledger.read(0, 1_000));
    expect(said).not.toContain('ABCD-1234');
  });

  it('links an account to one person only, and keeps nothing for another (A22)', async () => {
    await link('ada');
    const { length } = await facts();
    expect(await link('ben')).toBe(
      '**ada** on GitHub is linked to somebody else here, who says `unlink github` first.',
    );
    expect(kept.has('ben')).toBe(false);
    expect(await linked()).toEqual(['ada is ada']);
    expect(await facts()).toHaveLength(length);
    // Of two at once, one.
    await front.say('ada', channel, 'unlink github');
    await Promise.all([link('ada'), link('ben')]);
    expect(await linked()).toHaveLength(1);
  });

  it('says so where it is linked, and begins again where the factory cannot use it any more', async () => {
    await link('ada');
    const again = await front.say('ada', channel, 'link github');
    expect(again.text).toBe('Your account on GitHub is **ada** already. Say `unlink github` to end that.');
    expect(laterOf(again)).toBeUndefined();
    kept.clear();
    const { length } = await facts();
    expect(await link('ada')).toContain('**ada** from now on');
    expect(kept.has('ada')).toBe(true);
    expect(await facts()).toHaveLength(length);
    kept.clear();
    comesTo = proven('ada-l', '8');
    await link('ada');
    expect(await linked()).toEqual(['ada is ada-l']);
  });

  it.each([
    { came: { outcome: 'denied' }, says: 'You declined on GitHub' },
    { came: { outcome: 'expired' }, says: 'The code ran out' },
    { came: { outcome: 'failed', reason: 'GitHub says: no.', fix: 'Ask again.' }, says: 'GitHub says: no. Ask again.' },
  ] as const)('says why it did not work: $says', async ({ came, says }) => {
    comesTo = () => came;
    expect(await link('ada')).toContain(says);
    expect(await linked()).toEqual([]);
  });

  it('says nothing more when it ended without them', async () => {
    comesTo = () => ({ outcome: 'ended' });
    expect(await link('ada')).toBeNull();
  });

  it('says what to do where it is not set up, or the key is missing', async () => {
    refuses = new FactoryError('accounts-not-set-up', 'Not here.', { fix: 'Set GITHUB_CLIENT_ID.' });
    expect(await front.say('ada', channel, 'link github')).toEqual({
      ok: false,
      text: 'Not here. Set GITHUB_CLIENT_ID.',
    });
    comesTo = (person) => ({
      ...(proven('ada', '7')(person) as Extract<LinkAnswer, { outcome: 'proven' }>),
      keep: async () => {
        throw new FactoryError('accounts-key-unusable', 'The key is gone.', { fix: 'Put it back.' });
      },
    });
    refuses = null;
    expect(await link('ada')).toBe('Your account could not be linked. The key is gone. Put it back.');
  });
});

describe('unlink github', () => {
  it('deletes what the factory acts with, and says so in the ledger', async () => {
    await link('ada');
    const answer = await front.say('ada', channel, 'unlink github');
    expect(answer.text).toContain('**ada** on GitHub is not linked to you any more');
    expect(kept.size).toBe(0);
    expect(await linked()).toEqual([]);
    expect((await facts()).at(-1)).toMatchObject({ type: 'account.unlinked', actor: 'ada' });
    expect((await front.say('ada', channel, 'unlink github')).text).toBe('No account on GitHub is linked to you.');
    expect(await link('ben')).toContain('**ada**');
  });

  it('is about one’s own account and nobody else’s', async () => {
    await link('ada');
    await front.say('ben', channel, 'unlink github');
    expect(await linked()).toEqual(['ada is ada']);
    expect(kept.has('ada')).toBe(true);
  });
});

describe('the words', () => {
  it.each(['link github', '/link github', 'Tess, link my GitHub account.', '@tess unlink github'])('are %s', (text) => {
    expect(linkWordIn(text)).not.toBeNull();
    expect(isCommandOrAside(text)).toBe(true);
  });

  it.each(['link github please to the docs', 'We should link GitHub issues', 'linkgithub'])('are not %s', (text) => {
    expect(linkWordIn(text)).toBeNull();
  });
});

import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { actorOf, userIdOf } from '#bots/slack/people/actor.ts';
import { fenceCodeBlocks } from '#bots/slack/people/code-blocks.ts';
import { createPeople, type DirectoryClient } from '#bots/slack/people/create-people.ts';
import { idsIn, wordsOf } from '#bots/slack/people/message-words.ts';
import { personFrom, type SlackUser } from '#bots/slack/people/person.ts';
import { splitFences } from '#src/intake/fences.ts';

const known = {
  user: (id: string) => ({ U0ADA: 'Ada' })[id] ?? null,
  channel: (id: string) => ({ C0DEV: 'dev' })[id] ?? null,
  group: (id: string) => ({ S0OPS: 'ops' })[id] ?? null,
};
const words = (text: string) => wordsOf(text, known);

describe('an actor of Slack', () => {
  it('is the user id, and nothing else is read as one', () => {
    expect(actorOf('U0123ABCD')).toBe('slack:U0123ABCD');
    expect(userIdOf('slack:W0123ABCD')).toBe('W0123ABCD');
    for (const actor of ['local', 'slack:', 'slack:S0OPS', 'slack:U0123 x', 'discord:U0123ABCD', ' slack:U0123ABCD'])
      expect(userIdOf(actor)).toBeNull();
  });
});

describe('words of a Slack message', () => {
  it.each([
    ['<@U0ADA> could you?', '@Ada could you?'],
    ['<@U0BOB|bob> and <@U0EVE>', '@bob and @someone'],
    ['in <#C0DEV|dev> and <#C0DEV|> and <#C0XXX>', 'in #dev and #dev and #a-channel'],
    ['<!subteam^S0OPS|@ops> <!subteam^S0OPS> <!subteam^S0XXX>', '@ops @ops @a-group'],
    ['<!here> <!channel|channel> <!everyone>', '@here @channel @everyone'],
    ['<!date^1392734382^{date_num}|2014-02-18>', '2014-02-18'],
    ['see <https://a.example/x?y=1&amp;z=2>', 'see https://a.example/x?y=1&z=2'],
    ['see <https://a.example|the page>', 'see the page (https://a.example)'],
    ['see <http://a.example|a.example>', 'see a.example'],
    ['<mailto:ada@a.example|ada@a.example> <tel:+491|+491>', 'ada@a.example +491'],
    ['a &lt;b&gt; &amp;amp; &amp;lt;c&amp;gt; &quot;', 'a <b> &amp; &lt;c&gt; &quot;'],
    ['nothing <odd', 'nothing <odd'],
    ['<!unknown^1>', '<!unknown^1>'],
  ])('%s reads %s', (text, read) => {
    expect(words(text)).toBe(read);
  });

  it('name every id that has to be looked up, once', () => {
    const text = '<@U0ADA> <@U0ADA|ada> <#C0DEV> <!subteam^S0OPS> <!here> <https://a.example>';
    expect(idsIn(text)).toEqual({ users: ['U0ADA'], channels: ['C0DEV'], groups: ['S0OPS'] });
  });

  it('take time that grows with the text alone', () => {
    const texts = ['<'.repeat(100_000), '<a|'.repeat(50_000), '<!date^'.repeat(30_000), '```'.repeat(50_000)];
    for (const text of texts) expect(words(text).length).toBeGreaterThan(0);
  });
});

describe('code in a Slack message', () => {
  it('stands between marks on lines of their own', () => {
    expect(fenceCodeBlocks('Try ```const a = 1;\nrun(a);``` please')).toBe(
      'Try \n```\nconst a = 1;\nrun(a);\n```\n please',
    );
    expect(fenceCodeBlocks('```\nalready\n```')).toBe('```\nalready\n```');
    expect(fenceCodeBlocks('```a``````b```')).toBe('```\na\n```\n```\nb\n```');
  });

  it.each([
    ['```ts\nconst a = 1;\n```', '```ts\nconst a = 1;\n```'],
    ['```src/greet.js\nexport {};```', '```src/greet.js\nexport {};\n```'],
    ['```end\nfoo```', '```\nend\nfoo\n```'],
    ['```ts```', '```\nts\n```'],
  ])('keeps a language or a path behind the mark, and code as code: %j', (text, fenced) => {
    expect(fenceCodeBlocks(text)).toBe(fenced);
  });

  it('leaves a mark without a partner alone', () => {
    expect(fenceCodeBlocks('a ``` b')).toBe('a ``` b');
    expect(fenceCodeBlocks('```a``` and ``` b')).toBe('```\na\n```\n and ``` b');
  });

  it('is found by the intake, with every character of it', () => {
    const code = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '{', '#', '<', '&lt;', 'ts') });
    fc.assert(
      fc.property(code, code, (inside, around) => {
        const passages = splitFences(fenceCodeBlocks(`${around}\`\`\`x ${inside}\`\`\`${around}`));
        const fenced = passages.filter(({ kind }) => kind === 'fence');
        expect(fenced).toHaveLength(1);
        expect(fenced[0]?.lines.join('\n').trimEnd()).toBe(`x ${inside}`.trimEnd());
      }),
    );
  });
});

describe('a person of Slack', () => {
  it.each<[SlackUser, string]>([
    [{ name: 'ada', real_name: 'Ada Lovelace', profile: { display_name: 'Ada', real_name: 'A. Lovelace' } }, 'Ada'],
    [{ name: 'ada', real_name: 'Ada Lovelace', profile: { display_name: '' } }, 'Ada Lovelace'],
    [{ name: 'ada', profile: { display_name: ' ', real_name: 'A. Lovelace' } }, 'A. Lovelace'],
    [{ name: 'ada' }, 'ada'],
    [{}, 'U0ADA'],
    [{ profile: { display_name: 'A\u202ed\na\u200b' } }, 'Ad a'],
  ])('is called as Slack shows them: %j', (user, name) => {
    expect(personFrom('U0ADA', user).name).toBe(name);
  });

  it('may have left, be a bot, and live somewhere', () => {
    expect(personFrom('U0ADA', { deleted: true, is_bot: true, tz: 'Europe/Berlin' })).toMatchObject({
      hasLeft: true,
      isBot: true,
      timeZone: 'Europe/Berlin',
    });
    expect(personFrom('USLACKBOT', {})).toMatchObject({ isBot: true, hasLeft: false, timeZone: null });
  });
});

/** A workspace whose answers a test can change, that counts what it is asked. */
function workspace() {
  const asked: string[] = [];
  const state = {
    names: new Map([['U0ADA', 'Ada']]),
    failing: false,
    nowMs: 0,
    kept: new Map<string, string>(),
  };
  const answer = async <T>(question: string, value: () => T): Promise<T> => {
    asked.push(question);
    if (state.failing) throw new Error('slack is away');
    return value();
  };
  const client: DirectoryClient = {
    users: {
      info: ({ user }) =>
        answer(user, () => {
          const name = state.names.get(user);
          if (name === undefined) throw new Error('user_not_found');
          return { user: { profile: { display_name: name } } };
        }),
    },
    conversations: { info: ({ channel }) => answer(channel, () => ({ channel: { name: 'dev' } })) },
    usergroups: { list: () => answer('groups', () => ({ usergroups: [{ id: 'S0OPS', handle: 'ops' }] })) },
  };
  const kept = {
    remember: async (actor: string, name: string) => void state.kept.set(actor, name),
    names: async (actors: readonly string[]) => new Map([...state.kept].filter(([actor]) => actors.includes(actor))),
  };
  const people = createPeople({ client, clock: { now: () => new Date(state.nowMs) }, kept });
  return { people, state, asked };
}

describe('people of the workspace', () => {
  it('are asked for once an hour, and together when several ask at once', async () => {
    const { people, state, asked } = workspace();
    const [first, second] = await Promise.all([people.person('U0ADA'), people.person('U0ADA')]);
    expect([first.name, second.name, asked]).toEqual(['Ada', 'Ada', ['U0ADA']]);
    state.names.set('U0ADA', 'Countess');
    state.nowMs += 59 * 60_000;
    expect((await people.person('U0ADA')).name).toBe('Ada');
    state.nowMs += 60_000;
    expect((await people.person('U0ADA')).name).toBe('Countess');
    expect(asked).toHaveLength(2);
  });

  it('are asked for anew once Slack said that they changed', async () => {
    const { people, state } = workspace();
    await people.person('U0ADA');
    state.names.set('U0ADA', 'Countess');
    people.forget('U0ADA');
    expect((await people.person('U0ADA')).name).toBe('Countess');
  });

  it('keep the name that was known while Slack is away, and are asked for again after it', async () => {
    const { people, state } = workspace();
    state.failing = true;
    expect((await people.person('U0ADA')).name).toBe('U0ADA');
    state.failing = false;
    expect((await people.person('U0ADA')).name).toBe('Ada');
    expect(state.kept).toEqual(new Map([['slack:U0ADA', 'Ada']]));
    state.failing = true;
    state.nowMs += 2 * 60 * 60_000;
    expect((await people.person('U0ADA')).name).toBe('Ada');
    expect((await people.namesOf(['U0ADA', 'U0EVE']))('U0EVE')).toBe('U0EVE');
  });

  it('stay a bounded crowd', async () => {
    const { people, state, asked } = workspace();
    for (let at = 0; at <= 5_000; at += 1) state.names.set(`U${at}X`, 'Somebody');
    for (const id of [...state.names.keys()].slice(1)) await people.person(id);
    asked.length = 0;
    await people.person('U5000X');
    expect(asked).toEqual([]);
    await people.person('U0X');
    expect(asked).toEqual(['U0X']);
  });

  it('are named in the words of a message', async () => {
    const { people } = workspace();
    expect(await people.words('<@U0ADA>, <!subteam^S0OPS> in <#C0DEV>: `a &lt; b`')).toBe(
      '@Ada, @ops in #dev: `a < b`',
    );
    expect(await people.words('<@U0EVE> says hello')).toBe('@U0EVE says hello');
  });
});

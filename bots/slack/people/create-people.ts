import type { Clock } from '#src/ports/clock.ts';
import type { People } from '#src/ports/surface.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { actorOf } from './actor.ts';
import { createExpiringCache } from '#bots/expiring-cache.ts';
import { idsIn, wordsOf, type Names } from './message-words.ts';
import { personFrom, stranger, type Person, type SlackUser } from './person.ts';

/** The part of the Web API client that the directory uses. */
export interface DirectoryClient {
  users: { info(args: { user: string }): Promise<{ user?: SlackUser }> };
  conversations: { info(args: { channel: string }): Promise<{ channel?: { name?: string } }> };
  usergroups: { list(args: object): Promise<{ usergroups?: { id?: string; handle?: string }[] }> };
}

/** Who is who in the workspace. Names are kept for a while; nothing that rights rest on comes from here. */
export interface SlackPeople {
  /** Never rejects: whom Slack does not tell about has the name that was kept, else their id. */
  person(userId: string): Promise<Person>;
  /** Names that can be looked up without waiting, for the people given. Never rejects. */
  namesOf(userIds: Iterable<string>): Promise<(userId: string) => string>;
  /** A message's text in words, with the names of everybody in it. Never rejects. */
  words(text: string): Promise<string>;
  /** The handles of user groups by id; empty where Slack does not tell. Never rejects. */
  groupHandles(): Promise<ReadonlyMap<string, string>>;
  /** Has them looked up anew the next time. */
  forget(userId: string): void;
}

const NAME_AGE_MS = 60 * 60 * 1000;
const MAX_NAMES = 5_000;
const MAX_CHANNEL_NAME_CHARACTERS = 80;

export function createPeople({
  client,
  clock,
  kept,
}: {
  client: DirectoryClient;
  clock: Clock;
  /** Where names outlive this process; other surfaces read them there. */
  kept: People;
}): SlackPeople {
  const names = { clock, limit: MAX_NAMES, maxAgeMs: NAME_AGE_MS };
  const persons = createExpiringCache<Person>(names);
  const channels = createExpiringCache<string>(names);
  const handles = createExpiringCache<ReadonlyMap<string, string>>({ ...names, limit: 1 });

  const person = async (id: string): Promise<Person> => {
    try {
      return await persons.get(id, async () => {
        const { user } = await client.users.info({ user: id });
        if (user === undefined) throw new Error('no user in the answer');
        const found = personFrom(id, user);
        await orNull(kept.remember(actorOf(id), found.name));
        return found;
      });
    } catch {
      const actor = actorOf(id);
      return stranger(id, (await orNull(kept.names([actor])))?.get(actor));
    }
  };

  const channelName = (id: string): Promise<string | null> =>
    orNull(
      channels.get(id, async () => {
        const { channel } = await client.conversations.info({ channel: id });
        if (channel?.name === undefined) throw new Error('no name in the answer');
        return cleanLine(channel.name, MAX_CHANNEL_NAME_CHARACTERS);
      }),
    );

  const groupHandles = (): Promise<ReadonlyMap<string, string> | null> =>
    orNull(
      handles.get('all', async () => {
        const { usergroups = [] } = await client.usergroups.list({});
        return new Map(
          usergroups.flatMap(({ id, handle }): [string, string][] =>
            id === undefined || handle === undefined ? [] : [[id, cleanLine(handle, MAX_CHANNEL_NAME_CHARACTERS)]],
          ),
        );
      }),
    );

  const namesOf = async (userIds: Iterable<string>) => {
    const found = await Promise.all([...new Set(userIds)].map(person));
    const byId = new Map(found.map(({ id, name }) => [id, name]));
    return (id: string) => byId.get(id) ?? id;
  };

  return {
    person,
    namesOf,
    async words(text) {
      const { users, channels: channelIds, groups } = idsIn(text);
      const [nameOf, channelNames, groupNames] = await Promise.all([
        namesOf(users),
        Promise.all(channelIds.map(async (id) => [id, await channelName(id)] as const)),
        groups.length === 0 ? null : groupHandles(),
      ]);
      const byChannel = new Map(channelNames);
      const known: Names = {
        user: (id) => nameOf(id),
        channel: (id) => byChannel.get(id) ?? null,
        group: (id) => groupNames?.get(id) ?? null,
      };
      return wordsOf(text, known);
    },
    groupHandles: async () => (await groupHandles()) ?? new Map(),
    forget: (userId) => persons.forget(userId),
  };
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch {
    return null;
  }
}

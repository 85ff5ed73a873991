import { pressKinds } from '#bots/slack/blocks/press-value.ts';
import type { ChatHarness, ChatPerson, ChatPlace, PersonName, SeenPost } from '#test/contracts/chat.ts';
import type { Front } from '#test/desk/front.ts';
import type { SlackPerson } from '#test/support/slack/people/person.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';
import { isObject, objects, textOf } from '#test/support/slack/workspace/json.ts';
import type { Json } from '#test/support/slack/workspace/json.ts';
import type { SlackMessage } from '#test/support/slack/workspace/types.ts';
import { openFactory } from './open-factory.ts';

type Slack = StandInSlack<PersonName, 'workbench', 'ideas'>;

/** Three people in the channel `ideas` of a stand-in Slack; a place is a thread there, by its first message. */
export async function openSlackChat(front: Front, projectId: string): Promise<ChatHarness> {
  const slack: Slack = await startSlack({
    people: { ana: { displayName: 'Ana' }, ben: { displayName: 'Ben' }, cleo: { displayName: 'Cleo' } },
    apps: { workbench: {} },
    channels: { ideas: {} },
  });
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel(`slack:${slack.people.ana.id}`, place, { projectId, name: 'ideas', listen: 'mentions' });
  const factory = await openFactory(front, slack, slack.apps.workbench);
  const settle = async (): Promise<void> => {
    await slack.settled();
    await factory.settle();
  };
  const person = (name: PersonName): ChatPerson => createPerson(slack, slack.people[name], settle);
  return {
    people: { ana: person('ana'), ben: person('ben'), cleo: person('cleo') },
    settle,
    async redeliver() {
      const said = slack.deliveries.all.filter(({ type }) => ['message', 'app_mention'].includes(type)).slice(-2);
      for (const delivery of said) await slack.deliveries.redeliver(delivery);
    },
    async close() {
      await factory.stop();
      await slack.close();
    },
  };
}

function createPerson(slack: Slack, person: SlackPerson, settle: () => Promise<void>): ChatPerson {
  const posts = ({ id }: ChatPlace): SlackMessage[] =>
    [slack.message(id), ...slack.replies(id)].filter(({ app }) => app !== null);

  /** Presses everything of a kind, and everything of that kind in what opens; answers what was shown. */
  const openAll = async (post: SeenPost, kind: string, page: string): Promise<string> => {
    const shown: string[] = [];
    for (const id of actionIds(blocksOf(post)).filter((one) => one.startsWith(`${kind}:`))) {
      await person.press(post.id, id, { seen: blocksOf(post) });
      for (let isMore = true; isMore; ) {
        await settle();
        const view = person.modal();
        if (view === null) break;
        shown.push(slack.read(view));
        const next = pressables(objects(view.view.blocks)).find(
          (element) => String(element.action_id).startsWith(`${page}:`) && textOf(element.text).startsWith('Next'),
        );
        isMore = next !== undefined;
        if (next !== undefined) await person.pressInModal(String(next.action_id));
        else await person.closeModal();
      }
    }
    return shown.join('\n');
  };

  return {
    actor: `slack:${person.id}`,
    name: person.user.displayName,
    begin: async (words) => ({ id: person.say('ideas', `@workbench ${words}`).ts }),
    say: async ({ id }, words) => void person.say('ideas', words, { thread: id }),
    ask: async (words) => void person.say('ideas', `@workbench ${words}`),
    async reads(place) {
      return posts(place).map((message) => {
        const by = message.username ?? message.app?.botName ?? '';
        const elements = pressables(message.blocks);
        return {
          id: message.ts,
          by,
          text: slack.read(message).replace(`${by} [app]: `, ''),
          buttons: elements.map(({ text }) => textOf(text)),
          seen: structuredClone(message.blocks),
        };
      });
    },
    readsAll: async ({ id }) => slack.thread(id),
    async follows({ text, seen }) {
      const [, seconds, fraction] = /\/archives\/[A-Z0-9]+\/p(\d{10})(\d{6})/.exec(JSON.stringify(seen)) ?? [];
      if (seconds === undefined) throw new Error(`no link leads from there: ${text}`);
      return { id: `${seconds}.${fraction}` };
    },
    async presses(post, label, input) {
      await person.press(post.id, label, { seen: blocksOf(post) });
      if (input === undefined) return;
      await settle();
      const view = person.modal();
      const [field] = objects(view?.view.blocks).filter(({ type }) => type === 'input');
      if (field !== undefined) await person.submit({ [textOf(field.label)]: input });
    },
    async opens(post) {
      return `${post.text}\n${await openAll(post, pressKinds.fold, pressKinds.page)}`;
    },
    asksWhy: (post) => openAll(post, pressKinds.why, pressKinds.whyPage),
    told: async () => person.ephemerals().map((one) => slack.read(one)),
    // An edit calls nobody.
    timesCalled: async () =>
      slack.callsTo('chat.postMessage').filter(({ args }) => JSON.stringify(args).includes(`<@${person.id}>`)).length,
    async findsAlive(place) {
      return posts(place).flatMap(({ text, blocks, unfurlLinks, unfurlMedia }) => [
        ...(unfurlLinks || unfurlMedia ? ['a preview'] : []),
        // Whom a post calls by name is counted apart.
        ...(text.match(/<(?!@)[!#]?[^>\s]*[:|^][^>]*>|<[!#][^>]*>/g) ?? []),
        ...aliveIn(blocks),
      ]);
    },
  };
}

function blocksOf({ seen }: SeenPost): Json[] {
  return objects(seen);
}

function actionIds(blocks: readonly Json[]): string[] {
  return pressables(blocks).map(({ action_id: id }) => String(id));
}

function pressables(blocks: readonly Json[]): Json[] {
  return blocks
    .flatMap((block) => [block.accessory, ...objects(block.elements)])
    .filter(isObject)
    .filter(({ type }) => type === 'button');
}

/** Elements that lead out, call somebody or fetch something; links to our own messages lead nowhere else. */
function aliveIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(aliveIn);
  if (!isObject(value)) return [];
  const { type, url, text } = value;
  const own =
    type === 'link' && /^https:\/\/[a-z-]+\.slack\.com\/archives\//.test(String(url))
      ? []
      : ['link', 'image', 'usergroup', 'broadcast'].includes(String(type))
        ? [JSON.stringify(value)]
        : type === 'mrkdwn' && /<[^>]*[!@#:|]/.test(String(text))
          ? [String(text)]
          : [];
  return [...own, ...Object.values(value).flatMap(aliveIn)];
}

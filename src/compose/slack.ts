import type { SlackDependencies } from '#bots/slack/create-slack.ts';
import type { Config } from '../config.ts';
import type { ModelSettings } from '../model-settings.ts';
import type { SlackSettings } from '../slack-settings.ts';
import type { CheckView } from '../desk/desk.ts';
import type { Clock } from '../ports/clock.ts';
import { noGroups } from '../ports/groups.ts';
import type { Groups } from '../ports/groups.ts';
import type { People } from '../ports/surface.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { keepOpened } from './keep-opened.ts';
import type { Opened } from './keep-opened.ts';

/** The factory in Slack, where it is set up. */
export async function openSlack(
  { slack: settings, model }: Pick<Config, 'slack' | 'model'>,
  deps: Omit<SlackDependencies, 'settings' | 'models'>,
  onTrouble: (sentence: string) => void,
): Promise<Opened> {
  if (settings === null) return { async stop() {} };
  const { startSlack } = await import('#bots/slack/create-slack.ts');
  return keepOpened(() => startSlack({ ...deps, settings, models: modelNames(model) }), onTrouble);
}

/** Slack's client is loaded when a group is first asked about. */
export function groupsOfSlack(settings: SlackSettings | null, people: People): Groups {
  if (settings === null) return noGroups;
  let opened: Promise<Groups> | null = null;
  const open = async (): Promise<Groups> =>
    (await import('#bots/slack/people/open-groups.ts')).openGroups(settings, people);
  return { members: async (group) => (await (opened ??= open())).members(group) };
}

/** Names of people, those whom only Slack knows among them. Its client is loaded when the first name is looked for. */
export function namesOfSlack(settings: SlackSettings | null, kept: People, clock: Clock): People {
  if (settings === null) return kept;
  let opened: Promise<People> | null = null;
  const open = async (): Promise<People> =>
    (await import('#bots/slack/people/open-names.ts')).openNames(settings, kept, clock);
  return {
    remember: (actor, name) => kept.remember(actor, name),
    names: async (actors) => (actors.length === 0 ? new Map() : (await (opened ??= open())).names(actors)),
  };
}

/** Bolt is loaded only where Slack is set up. */
export async function checkSlackSetup(settings: SlackSettings | null, { tables }: UnitOfWork): Promise<CheckView[]> {
  if (settings === null) return [];
  const { checkSlack } = await import('#bots/slack/checks/check-slack.ts');
  const bound = await tables.find('project_channels', { surface: 'slack' });
  return checkSlack(
    settings,
    bound.map(({ channel }) => channel),
  );
}

/** For people: which models may read what they say, and where they run. */
function modelNames(settings: ModelSettings | null): string[] {
  const endpoints = Object.values(settings?.endpoints ?? {});
  return [...new Set(endpoints.map(({ model, baseUrl }) => `${model} at ${new URL(baseUrl).host}`))];
}

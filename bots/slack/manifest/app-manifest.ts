import type { AppsManifestCreateArguments } from '@slack/web-api';
import type { PersonaName } from '#src/ports/personas.ts';
import { ingestShortcut, listedCommands } from './commands.ts';
import { botEvents } from './events.ts';
import { botScopes, personaScopes } from './scopes.ts';

/** What an app is created from. The vendor's type lags behind its platform: agents' scope and event are not in it yet. */
export type Manifest = AppsManifestCreateArguments['manifest'];

export interface AppManifestOptions {
  /** Where Slack sends signed requests; null: Socket Mode. */
  requestUrl: string | null;
  commandPrefix: string;
  /** Declares the app an agent, for native status and Stop. */
  agent: boolean;
}

/** The one name that people mention when no persona has an app of its own. */
const FRONT_NAME = 'Tess';

/** Each under the colour of its drawing. */
const personas: Readonly<Record<PersonaName, { name: string; does: string; colour: string }>> = {
  tess: { name: 'Tess', does: 'Hands out the work', colour: '#4a5fc1' },
  piper: { name: 'Piper', does: 'Turns talk into a canvas, stories and scope', colour: '#0f7c86' },
  mason: { name: 'Mason', does: 'Plans the change', colour: '#a8581a' },
  ollan: { name: 'Ollan', does: 'Writes the code', colour: '#2b6cb0' },
  vera: { name: 'Vera', does: 'Locks behaviour in tests and checks the result', colour: '#2e7d46' },
  moltbot: { name: 'Moltbot', does: 'Looks back and proposes lessons', colour: '#7d4aa8' },
};

/** The manifest of the one app: it reads, answers, and owns every button. */
export function appManifest({ requestUrl, commandPrefix, agent }: AppManifestOptions): Manifest {
  const scopes: readonly string[] = botScopes({ agent });
  const events: readonly string[] = botEvents({ agent });
  return {
    display_information: {
      name: 'Factory Workbench',
      description: 'A conversation becomes a reviewed, merged change.',
      long_description:
        'Talk an idea through in a thread. Tess and her team draw a canvas, write the stories, bring the code onto a branch, run your own checks and open a pull request, where you can watch. A person presses the button that merges it. It reads the channels that it is invited to, and runs on a machine of yours.',
      background_color: '#3d4653',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: FRONT_NAME, always_online: true },
      ...(agent
        ? {
            agent_view: {
              agent_description: 'Tell me an idea, or paste a conversation: my team turns it into a reviewed change.',
              suggested_prompts: [
                { title: 'What waits for me?', message: 'status' },
                { title: 'What can you do?', message: 'help' },
              ],
            },
          }
        : {}),
      shortcuts: [ingestShortcut],
      slash_commands: listedCommands(commandPrefix, requestUrl),
    },
    oauth_config: { scopes: { bot: scopes as BotScopes } },
    settings: {
      event_subscriptions: {
        ...(requestUrl === null ? {} : { request_url: requestUrl }),
        bot_events: events as BotEvents,
      },
      interactivity: { is_enabled: true, ...(requestUrl === null ? {} : { request_url: requestUrl }) },
      org_deploy_enabled: false,
      socket_mode_enabled: requestUrl === null,
      token_rotation_enabled: false,
    },
  };
}

/** The manifest of a persona's own app: a member who can be mentioned, and who only writes. */
export function personaManifest(persona: PersonaName): Manifest {
  const { name, does, colour } = personas[persona];
  return {
    display_information: { name, description: `${does}. Of the Factory Workbench.`, background_color: colour },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: false, messages_tab_read_only_enabled: true },
      bot_user: { display_name: name, always_online: true },
    },
    oauth_config: { scopes: { bot: [...personaScopes] } },
    settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
  };
}

type BotScopes = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>;
type BotEvents = NonNullable<NonNullable<NonNullable<Manifest['settings']>['event_subscriptions']>['bot_events']>;

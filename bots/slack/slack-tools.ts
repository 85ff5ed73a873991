import type { WebClient } from '@slack/web-api';
import type { SurfaceDesk } from '#src/desk/desk.ts';
import type { Place } from '#src/ledger/place.ts';
import type { PostStore } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { SurfacePosts } from '#src/ports/surface.ts';
import type { DrawContext } from './blocks/slack-message.ts';
import type { Sessions } from './native/keep-sessions.ts';
import type { SlackPeople } from './people/create-people.ts';
import type { Identity } from './speakers.ts';

/** The workspace that the app is installed in. */
export interface Workspace {
  teamId: string;
  /** `https://example.slack.com/`. */
  url: string;
  botUserId: string;
  /** Of the app and of every persona with an app of its own: what they say is never heard. */
  ownUserIds: ReadonlySet<string>;
  /** The same as bots: what is said under a persona's name has no user. */
  ownBotIds: ReadonlySet<string>;
  /** Personas with an app of their own, by the id of its user: whoever mentions it speaks to the persona. */
  personas: ReadonlyMap<string, PersonaName>;
}

/** What the handlers of Slack's deliveries stand on. */
export interface SlackTools {
  desk: SurfaceDesk;
  posts: Pick<PostStore, 'get'>;
  surfacePosts: SurfacePosts;
  people: SlackPeople;
  /** The one app's own client. Its calls are not repeated by themselves. */
  client: WebClient;
  workspace: Workspace;
  /** For a card that is drawn for one person, such as a modal. */
  contextFor(actors: readonly string[]): Promise<DrawContext>;
  /** What Slack itself shows on the threads of tasks. */
  sessions: Pick<Sessions, 'again'>;
  /** A channel that took nothing may take posts now. */
  reopen(channel: string): void;
  /** How the app speaks as a persona where only one person hears it. */
  identityOf(persona: PersonaName): Identity;
  /** `workbench`, or with the prefix of `SLACK_COMMAND_PREFIX`. */
  commandName(name: string): string;
  /** Models that may read along, by name and host. */
  models: readonly string[];
  clock: Clock;
  log: Log;
  /** Waits end: the process is to stop. */
  stopping: AbortSignal;
}

export function placeOf({ workspace }: Pick<SlackTools, 'workspace'>, channel: string): Place {
  return { surface: 'slack', team: workspace.teamId, channel };
}

/** The identity of a message for good, whatever delivery brings it. */
export function originIdOf({ workspace }: Pick<SlackTools, 'workspace'>, channel: string, ts: string): string {
  return `slack/${workspace.teamId}/${channel}/${ts}`;
}

/** Seconds with a fraction, as Slack counts them. */
export function timeOf(ts: string): string {
  return new Date(Number(ts) * 1000).toISOString();
}

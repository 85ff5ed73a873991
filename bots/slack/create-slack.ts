import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Logger, Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { WebClientOptions } from '@slack/web-api';
import type { SlackSettings } from '#src/slack-settings.ts';
import type { SurfaceDesk } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';
import type { Post, PostStore } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import { personaNames } from '#src/ports/personas.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { People, SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { drawPost } from './blocks/draw-post.ts';
import type { DrawContext } from './blocks/slack-message.ts';
import { clientOptions } from './client-options.ts';
import { handlers } from './handlers/all.ts';
import { startCatchUp } from './history/catch-up.ts';
import type { CatchUp } from './history/catch-up.ts';
import { linksOf } from './links.ts';
import { keepSessions } from './native/keep-sessions.ts';
import { createPlanBlocks } from './native/plan-blocks.ts';
import { actorsIn, groupIdOf, userIdOf } from './people/actor.ts';
import { createPeople } from './people/create-people.ts';
import { stillHere } from './people/still-here.ts';
import { avatarRoutes } from './receiving/avatar-routes.ts';
import { keepLine } from './receiving/keep-line.ts';
import type { Line } from './receiving/keep-line.ts';
import { acceptFirst } from './receiving/accept-first.ts';
import { startInboxWorker } from './receiving/worker.ts';
import { leaveNeedless } from './sending/leave-needless.ts';
import { createPace, slackPace } from './sending/pace.ts';
import type { PaceLimits } from './sending/pace.ts';
import { startSender } from './sending/sender.ts';
import type { SlackTools, Workspace } from './slack-tools.ts';
import { createSpeakers, identityOf } from './speakers.ts';

export interface SlackDependencies {
  settings: SlackSettings;
  desk: SurfaceDesk;
  posts: PostStore;
  surfacePosts: SurfacePosts;
  people: People;
  unitOfWork: Pick<UnitOfWork, 'inbox' | 'withLock' | 'tables' | 'conversations'>;
  onPosts: (listener: (posts: readonly Post[]) => void) => () => void;
  /** Models that may read what is said, by name and host. */
  models: readonly string[];
  clock: Clock;
  log: Log;
  /** Slack's own unless said otherwise. */
  pace?: PaceLimits;
}

export interface Slack {
  /** Waits until what came in so far was worked on and what is due was sent, as far as Slack takes it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const CALL_TIMEOUT_MS = 20_000;
/** How late Slack may be with a sign of life: a machine that is busy for some seconds has not lost its line. */
const PONG_TIMEOUT_MS = 15_000;
/** A status is worth no long wait, least of all when the process is to stop: it is set again soon. */
const STATUS_TIMEOUT_MS = 5_000;

/**
 * Opens the factory in a Slack workspace. FactoryError `slack-refused` when a token is not taken. Lost deliveries and
 * posts of an earlier process are caught up with.
 */
export async function startSlack(deps: SlackDependencies): Promise<Slack> {
  const { settings, surfacePosts, clock, log } = deps;
  const options = clientOptions(settings, { timeoutMs: CALL_TIMEOUT_MS, logger: quiet(log) });
  const client = new WebClient(settings.botToken, options);
  const personaClients = Object.fromEntries(
    Object.entries(settings.personaTokens).map(([persona, token]) => [persona, new WebClient(token, options)]),
  ) as Partial<Record<PersonaName, WebClient>>;
  const workspace = await openWorkspace(client, personaClients);
  const people = createPeople({ client, clock, kept: deps.people });
  const contextFor = async (actors: readonly string[]): Promise<DrawContext> => {
    const users = actors.flatMap((actor) => userIdOf(actor) ?? []);
    const nameOfUser = await people.namesOf(users);
    const hasGroups = actors.some((actor) => groupIdOf(actor) !== null);
    const handles = hasGroups ? await people.groupHandles() : new Map<string, string>();
    const nameOf = (actor: string) => {
      const user = userIdOf(actor);
      if (user !== null) return nameOfUser(user);
      const handle = handles.get(groupIdOf(actor) ?? '');
      return handle === undefined ? actor : `@${handle}`;
    };
    return { features: { planBlocks: false }, nameOf, linkTo: () => null, mention: false };
  };
  const pace = createPace(clock, deps.pace ?? slackPace);
  const sender = startSender({
    surfacePosts: leaveNeedless(surfacePosts),
    withLock: deps.unitOfWork.withLock,
    reader: client,
    speakerFor: createSpeakers({ client, personaClients, avatarsUrl: settings.avatarsUrl }),
    planBlocks: createPlanBlocks(log),
    draw: async ({ post }, first, plans) => {
      const linkTo = await linksOf({ surfacePosts, workspace }, post);
      const mentions = first ? await stillHere(people, post.mentions) : post.mentions;
      const shown = { ...post, mentions };
      return drawPost(shown, {
        ...(await contextFor(actorsIn([post.card, post.author, mentions]))),
        features: { planBlocks: plans },
        linkTo,
        mention: first,
      });
    },
    pace,
    clock,
    log,
  });
  // What Slack says beside an answer comes with every call of it; the sessions say it once themselves.
  const quieter = { ...quiet(log), warn: () => {} };
  const sessions = keepSessions({
    client: new WebClient(
      settings.botToken,
      clientOptions(settings, { timeoutMs: STATUS_TIMEOUT_MS, logger: quieter }),
    ),
    team: workspace.teamId,
    identityOf: (persona) => identityOf(persona, settings.avatarsUrl),
    surfacePosts,
    tables: deps.unitOfWork.tables,
    withLock: deps.unitOfWork.withLock,
    pace,
    clock,
    log,
  });

  const stopping = new AbortController();
  let catchUp: CatchUp | null = null;
  const receiver = receiverFor(settings, options, quiet(log));
  const app = new App({
    token: settings.botToken,
    receiver: acceptFirst(receiver, async (body) => {
      await worker.accept(body);
      catchUp?.heard();
    }),
    clientOptions: options,
    logger: quiet(log),
    deferInitialization: true,
  });
  app.error(async (error) => Promise.reject(error));
  const tools: SlackTools = {
    desk: deps.desk,
    posts: deps.posts,
    surfacePosts,
    people,
    client,
    workspace,
    contextFor,
    sessions,
    reopen: (channel) => sender.reopen(channel),
    identityOf: (persona) => identityOf(persona, settings.avatarsUrl),
    commandName: (name) => `${settings.commandPrefix}${name}`,
    models: deps.models,
    clock,
    log,
    stopping: stopping.signal,
  };
  for (const listen of handlers) listen(app, tools);
  await app.init();
  const worker = startInboxWorker({
    inbox: deps.unitOfWork.inbox,
    clock,
    log,
    handle: async (body) => app.processEvent({ body: body as Record<string, unknown>, ack: async () => {} }),
  });
  const unlisten = deps.onPosts(() => {
    sender.nudge();
    sessions.nudge();
  });
  const rest = async (): Promise<void> => {
    unlisten();
    await worker.stop();
    await sessions.stop();
    await sender.stop();
  };
  try {
    // On this machine only: whatever leads requests here from outside is the person's own.
    await (settings.delivery.kind === 'http'
      ? app.start({ port: settings.delivery.port, host: '127.0.0.1' })
      : app.start());
  } catch (cause) {
    // It is tried again: two workers on one inbox would answer twice.
    await rest();
    throw lineRefused(settings.delivery, cause);
  }
  const missed = startCatchUp(tools, {
    tables: deps.unitOfWork.tables,
    conversations: deps.unitOfWork.conversations,
    accept: (body) => worker.accept(body),
  });
  catchUp = missed;
  let line: Line | null = null;
  if (receiver instanceof SocketModeReceiver) {
    receiver.client.on('connected', () => missed.reconnected());
    line = keepLine(receiver.client, log);
  }
  return {
    async settle() {
      await missed.settle();
      await worker.settle();
      await sender.settle();
      await sessions.settle();
    },
    async stop() {
      stopping.abort();
      // Bolt's own `stop` of a line does not wait for it to be down.
      await (line ?? receiver).stop();
      await missed.stop();
      await rest();
    },
  };
}

async function openWorkspace(
  client: WebClient,
  others: Readonly<Partial<Record<PersonaName, WebClient>>>,
): Promise<Workspace> {
  try {
    const own = await client.auth.test();
    const personas = await Promise.all(
      personaNames.flatMap((persona) => others[persona]?.auth.test().then((seen) => ({ ...seen, persona })) ?? []),
    );
    const botUserId = own.user_id ?? '';
    const all = [own, ...personas];
    return {
      teamId: own.team_id ?? '',
      url: own.url ?? 'https://slack.com/',
      botUserId,
      ownUserIds: new Set(all.flatMap(({ user_id: id }) => id ?? [])),
      ownBotIds: new Set(all.flatMap(({ bot_id: id }) => id ?? [])),
      personas: new Map(personas.flatMap(({ user_id: id, persona }) => (id === undefined ? [] : [[id, persona]]))),
    };
  } catch (cause) {
    throw new FactoryError('slack-refused', `Slack did not let the app in: ${reasonOf(cause)}.`, {
      fix: 'Check SLACK_BOT_TOKEN and the tokens of the personas; `npm run -s workbench -- doctor` names what is missing.',
      retryable: true,
      cause,
    });
  }
}

function lineRefused(delivery: SlackSettings['delivery'], cause: unknown): FactoryError {
  return delivery.kind === 'socket'
    ? new FactoryError('slack-line-refused', `Slack did not open a line for its events: ${reasonOf(cause)}.`, {
        fix: 'Check SLACK_APP_TOKEN: an app-level token with `connections:write`, of an app with Socket Mode on.',
        retryable: true,
        cause,
      })
    : new FactoryError('slack-line-refused', `Port ${delivery.port} cannot be listened on: ${reasonOf(cause)}.`, {
        fix: 'Set SLACK_PORT to a free port, and lead the requests of Slack there.',
        retryable: true,
        cause,
      });
}

/** Slack's own word for it, without the client's sentence around it. */
function reasonOf(cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return why.replace(/^An API error occurred: /, '');
}

function receiverFor({ delivery, apiUrl }: SlackSettings, options: WebClientOptions, logger: Logger): Receiver {
  return delivery.kind === 'socket'
    ? new SocketModeReceiver({
        appToken: delivery.appToken,
        logger,
        autoReconnectEnabled: false,
        clientPingTimeout: PONG_TIMEOUT_MS,
        installerOptions: { clientOptions: { ...options, slackApiUrl: apiUrl } },
      })
    : new HTTPReceiver({ signingSecret: delivery.signingSecret, logger, customRoutes: avatarRoutes });
}

/** Bolt's words go to the log; they may hold ids, never tokens, and nothing that people said. */
function quiet(log: Log): Logger {
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (first: unknown) =>
    log[level]({ surface: 'slack' }, first instanceof Error ? first.message : String(first).slice(0, 300));
  return {
    debug: () => {},
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

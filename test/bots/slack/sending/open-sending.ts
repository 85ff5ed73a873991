import { randomUUID } from 'node:crypto';
import { LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { drawPost } from '#bots/slack/blocks/draw-post.ts';
import { createPlanBlocks } from '#bots/slack/native/plan-blocks.ts';
import { createPace } from '#bots/slack/sending/pace.ts';
import type { PaceLimits } from '#bots/slack/sending/pace.ts';
import { startSender } from '#bots/slack/sending/sender.ts';
import type { Sender, SenderTools } from '#bots/slack/sending/sender.ts';
import { createSpeakers } from '#bots/slack/speakers.ts';
import { createPostStore } from '#persistence/post-store.ts';
import { createSurfacePosts } from '#persistence/surface-posts.ts';
import type { Card, Post, PostDraft, PostStore } from '#src/ports/chat.ts';
import type { Log } from '#src/ports/log.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { SurfacePosts } from '#src/ports/surface.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { SlackOptions, StandInSlack } from '#test/support/slack/start-slack.ts';

type Channel = 'ideas' | 'ops';
type App = 'workbench' | 'vera';

/** Posts of two bound channels, and a sender that carries them to a stand-in Slack. Time stands until it is moved on. */
export interface Sending {
  slack: StandInSlack<'ana' | 'ben', App, Channel>;
  posts: PostStore;
  surfacePosts: SurfacePosts;
  logged: { level: string; fields: Record<string, unknown>; message: string }[];
  advance(byMs: number): void;
  /** A post of a channel, or of the thread under a message of `ideas`. */
  post(key: string, parts?: PostParts): Promise<Post>;
  /** Another version of it. */
  edit(key: string, parts?: Partial<Card>): Promise<void>;
  /** The idea that hangs under a message. */
  thread(root: { ts: string }): Promise<string>;
  start(parts?: Partial<SenderTools>): Sender;
  /** What is still to be sent. */
  due(): Promise<string[]>;
}

interface PostParts {
  channel?: Channel;
  idea?: string;
  author?: PostDraft['author'];
  mentions?: string[];
  card?: Partial<Card>;
}

interface SendingOptions {
  slack?: SlackOptions<'ana' | 'ben', App, Channel>;
  pace?: PaceLimits;
  /** Personas that speak through the app `vera`. */
  own?: readonly PersonaName[];
}

const AT_ONCE: PaceLimits = { postEveryMs: 1, postBurst: 1_000, updateEveryMs: 1, updateBurst: 1_000 };

const tess: PostDraft['author'] = { kind: 'persona', name: 'tess' };

/** A button that a card asks with. */
export const ask: Card['actions'] = [
  { name: 'go', label: 'Go', style: 'primary', confirm: null, input: null, command: { type: 'retry', taskId: 'task' } },
];

export async function openSending(store: TestStore, options: SendingOptions = {}): Promise<Sending> {
  const sql = (text: string, values: unknown[] = []) => store.orm.em.fork().getConnection().execute(text, values);
  await sql('TRUNCATE surface_posts, chat_posts, project_channels, chat_threads');
  let nowMs = Date.now();
  const clock = { now: () => new Date(nowMs) };
  const slack = await startSlack<'ana' | 'ben', App, Channel>({
    apps: { workbench: { withoutScopes: ['chat:write.public'] }, vera: { scopes: ['chat:write'] } },
    channels: { ideas: {}, ops: {} },
    readMs: () => nowMs,
    ...options.slack,
  });
  onTestFinished(() => slack.close());
  const team = slack.team.id;
  for (const [name, channel] of Object.entries(slack.channels)) {
    await sql(
      `INSERT INTO project_channels (id, project_id, surface, team, channel, name, listen, bound_at)
       VALUES (?, ?, 'slack', ?, ?, ?, 'mentions', ?)`,
      [`slack/${team}/${channel}`, name, team, channel, name, clock.now().toISOString()],
    );
  }
  const posts = createPostStore({ orm: store.orm, clock, ids: { next: () => randomUUID() } });
  const surfacePosts = createSurfacePosts({ orm: store.orm, clock });
  const logged: Sending['logged'] = [];
  const write = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void logged.push({ level, fields, message });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const clientOf = (token: string) =>
    new WebClient(token, {
      slackApiUrl: slack.url,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: LogLevel.ERROR,
    });
  const client = clientOf(slack.apps.workbench.botToken);
  const own = clientOf(slack.apps.vera.botToken);
  const cards = new Map<string, Card>();

  return {
    slack,
    posts,
    surfacePosts,
    logged,
    advance: (byMs) => void (nowMs += byMs),
    post(key, { channel = 'ideas', idea, author = tess, mentions = [], card = {} } = {}) {
      const made: Card = { kind: 'status', lead: key, tone: 'plain', blocks: [], actions: [], outcome: null, ...card };
      cards.set(key, made);
      const thread =
        idea === undefined ? { kind: 'project' as const, id: channel } : { kind: 'idea' as const, id: idea };
      return posts.say({ key, thread, author, mentions, card: made });
    },
    async edit(key, parts = {}) {
      const old = cards.get(key);
      if (old === undefined) throw new Error(`there is no post ${key}`);
      const made = { ...old, ...parts };
      cards.set(key, made);
      await posts.rewrite(key, made);
    },
    async thread(root) {
      const idea = randomUUID();
      await sql(
        `INSERT INTO chat_threads (id, conversation_id, surface, team, channel, root) VALUES (?, ?, 'slack', ?, ?, ?)`,
        [idea, idea, team, slack.channels.ideas, root.ts],
      );
      return idea;
    },
    start(parts = {}) {
      const sender = startSender({
        surfacePosts,
        withLock: store.unitOfWork.withLock,
        reader: client,
        speakerFor: createSpeakers({
          client,
          personaClients: Object.fromEntries((options.own ?? []).map((name) => [name, own])),
          avatarsUrl: null,
        }),
        planBlocks: createPlanBlocks(log),
        draw: async ({ post }, mention, planBlocks) =>
          drawPost(post, { features: { planBlocks }, nameOf: (actor) => actor, linkTo: () => null, mention }),
        pace: createPace(clock, options.pace ?? AT_ONCE),
        clock,
        log,
        ...parts,
      });
      onTestFinished(() => sender.stop());
      return sender;
    },
    due: async () => (await surfacePosts.due('slack', 1_000)).map(({ post }) => post.key),
  };
}

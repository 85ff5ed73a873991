import { webApi } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { startBoltOnHttp, startBoltOnSocket } from '#test/support/slack/start-bolt.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { SlackOptions } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Options = SlackOptions<'ana' | 'ben', 'workbench', 'ideas'>;

/** A stand-in and a Bolt app that keeps the id of every event that reaches it. */
async function listening(startBolt: typeof startBoltOnSocket, options: Options & { reconnectMs?: number } = {}) {
  const slack = await startSlack(options);
  closing.push(() => slack.close());
  const heard: { id: string; type: string; event: Record<string, unknown>; retry: unknown }[] = [];
  const bolt = await startBolt({
    url: slack.url,
    app: slack.apps.workbench,
    ...(options.reconnectMs === undefined ? {} : { reconnectMs: options.reconnectMs }),
    listen: (app) =>
      app.use(async ({ body, payload, context, next }) => {
        heard.push({
          id: 'event_id' in body && typeof body.event_id === 'string' ? body.event_id : '',
          type: String(payload.type),
          event: { ...payload },
          retry: context.retryNum,
        });
        await next();
      }),
  });
  closing.push(() => bolt.stop());
  return { slack, heard, app: slack.apps.workbench };
}

describe.each([
  { name: 'Socket Mode', startBolt: startBoltOnSocket },
  { name: 'signed HTTP', startBolt: startBoltOnHttp },
])('deliveries over $name', ({ startBolt }) => {
  it('tells a mention twice, as a message and as a mention, under two event ids', async () => {
    const { slack, heard } = await listening(startBolt);
    const { ts } = slack.people.ana.say('ideas', '@workbench a < b, see https://example.com/x.');
    // Bolt acknowledges before its listeners run.
    await waitFor(() => heard.length === 2);
    expect(heard.map(({ type }) => type).toSorted()).toEqual(['app_mention', 'message']);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(2);
    expect(new Set(heard.map(({ event }) => event.client_msg_id)).size).toBe(1);
    expect(heard.every(({ event }) => event.ts === ts)).toBe(true);
    expect(heard[0]?.event.text).toBe(`<@${slack.apps.workbench.botUserId}> a &lt; b, see <https://example.com/x>.`);
  });

  it('delivers again what was not acknowledged, under its old id, and then gives up', async () => {
    const { slack, heard } = await listening(startBolt, { retryAfterMs: [1, 1, 1] });
    slack.deliveryFaults.loseAck.next(2);
    slack.people.ana.say('ideas', 'hello');
    await waitFor(() => heard.length === 3);
    expect(heard.map(({ retry }) => (typeof retry === 'number' ? retry : 0).toString()).toSorted()).toEqual([
      '0',
      '1',
      '2',
    ]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
    slack.deliveryFaults.loseAck.next(9);
    slack.people.ana.say('ideas', 'hello again');
    await slack.settled();
    expect(slack.deliveries.all.at(-1)).toMatchObject({ attempts: 4, isAcknowledged: false });
  });

  it('drops and doubles deliveries on request, and repeats an old one', async () => {
    const { slack, heard } = await listening(startBolt);
    slack.deliveryFaults.drop.next(1);
    slack.people.ana.say('ideas', 'lost');
    slack.deliveryFaults.duplicate.next(1);
    slack.people.ana.say('ideas', 'twice');
    await waitFor(() => heard.length === 2);
    expect(heard.map(({ event }) => event.text)).toEqual(['twice', 'twice']);
    await slack.deliveries.redeliver(slack.deliveries.all.at(-1)!);
    await waitFor(() => heard.length === 3);
    expect(heard.map(({ id }) => id)).toEqual(Array(3).fill(heard[0]?.id));
  });
});

it('asks an app on Socket Mode to reconnect, and can cut its line; it comes back both times', async () => {
  // Bolt also takes a line for dead whose pong is later than this, so it may come back more often on a busy machine.
  const { slack, heard, app } = await listening(startBoltOnSocket, {
    reconnectMs: 500,
    retryAfterMs: [100, 1_000, 5_000, 10_000],
  });
  const opened = () => slack.callsTo('apps.connections.open').length;
  const comesBack = (before: number) => waitFor(() => opened() > before && app.isConnected());
  app.askToReconnect('warning');
  await comesBack(1);
  const before = opened();
  app.cutLine();
  expect(app.isConnected()).toBe(false);
  await comesBack(before);
  slack.people.ana.say('ideas', 'still there?');
  await waitFor(() => heard.some(({ event }) => event.text === 'still there?'));
});

it('tells nothing to an app that is not there, does not subscribe, or lacks the scope', async () => {
  const slack = await startSlack({
    apps: {
      there: {},
      away: {},
      deaf: { withoutEvents: ['message.channels'] },
      poor: { withoutScopes: ['channels:history'] },
    },
    channels: { ideas: { apps: ['there', 'deaf', 'poor'] } },
    retryAfterMs: [],
  });
  closing.push(() => slack.close());
  slack.people.ana.say('ideas', 'hello');
  expect(slack.deliveries.all.map(({ app, type }) => [app, type])).toEqual([['there', 'message']]);
});

it('an app over HTTP refuses a forged signature and one that is ten minutes old (C26)', async () => {
  const { slack, heard, app } = await listening(startBoltOnHttp, { retryAfterMs: [] });
  expect(await app.verifyUrl()).toBe(true);
  slack.deliveryFaults.forgeSignature.next(1);
  slack.people.ana.say('ideas', 'forged');
  await slack.settled();
  slack.deliveryFaults.ageTimestamp.next(1);
  slack.people.ana.say('ideas', 'old');
  await slack.settled();
  expect(heard).toEqual([]);
  expect(slack.deliveries.all.map(({ statuses }) => statuses)).toEqual([[401], [401]]);
});

it('tells edits, deletions, files, reactions and the app’s own posts', async () => {
  const { slack, heard, app } = await listening(startBoltOnSocket);
  const { ana, ben } = slack.people;
  const client = new webApi.WebClient(app.botToken, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const said = ana.say('ideas', 'one', { files: [{ name: 'talk.txt', content: 'hello' }] });
  ben.say('ideas', 'a reply', { thread: said });
  ana.edit(said, 'two');
  ben.react(said, ':factory:');
  ana.delete(said);
  await client.chat.postMessage({ channel: said.channel, text: 'own', username: 'Tess' });
  await slack.settled();
  const told = slack.deliveries.all.map(({ body }) => body.event as Record<string, unknown>);
  expect(told.map(({ type, subtype }) => subtype ?? type)).toEqual([
    'file_share',
    'file_shared',
    'message',
    'message_changed',
    'reaction_added',
    'message_changed',
    'bot_message',
  ]);
  expect(told[5]?.message).toMatchObject({ subtype: 'tombstone' });
  // Bolt keeps what the app itself said from its listeners.
  expect(heard.map(({ event }) => event.username)).not.toContain('Tess');
  const [file] = slack.workspace.files.values();
  const info = await client.files.info({ file: file?.id ?? '' });
  const read = async (token: string) =>
    (await fetch(info.file?.url_private ?? '', { headers: { authorization: `Bearer ${token}` } })).text();
  expect(await read(app.botToken)).toBe('hello');
  expect(await read('xoxb-none')).toContain('Sign in');
});

it('takes an uploaded snippet into a thread', async () => {
  const { slack, app } = await listening(startBoltOnSocket);
  const client = new webApi.WebClient(app.botToken, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const said = slack.people.ana.say('ideas', 'show me');
  await client.filesUploadV2({
    channel_id: said.channel,
    thread_ts: said.ts,
    filename: 'change.diff',
    content: '+one\n-two\n',
    snippet_type: 'diff',
    initial_comment: 'Here it is',
  });
  expect(slack.thread(said)).toBe('Ana: show me\n  ↳ workbench [app]: Here it is\n      (file: change.diff)');
  expect([...slack.workspace.files.values()][0]).toMatchObject({ mode: 'snippet', filetype: 'diff' });
});

it('shows a Stop button where an agent works, and tells the agent of it', async () => {
  const { slack, heard, app } = await listening(startBoltOnSocket);
  const client = new webApi.WebClient(app.botToken, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const said = slack.people.ana.say('ideas', 'build it');
  expect(() => slack.people.ana.stop(said)).toThrow('no Stop button');
  await client.agents.sessions.setStatus({ channel_id: said.channel, thread_ts: said.ts, status: 'processing' });
  slack.people.ana.stop(said);
  await waitFor(() => heard.length === 2);
  expect(heard.at(-1)?.event).toMatchObject({
    type: 'agent_session_stopped',
    thread_ts: said.ts,
    user: slack.people.ana.id,
  });
});

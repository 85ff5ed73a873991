import { webApi } from '@slack/bolt';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blockRules } from '#test/support/slack/blocks/block-rules.ts';
import { limitsIn } from '#test/support/slack/blocks/stated-limits.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';

type Client = webApi.WebClient;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
beforeAll(async () => void (await blockRules()));

const start: typeof startSlack = async (options) => {
  const slack = await startSlack(options);
  closing.push(() => slack.close());
  return slack;
};

function clientOf(url: string, token: string, timeout = 0): Client {
  return new webApi.WebClient(token, {
    slackApiUrl: url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logLevel: webApi.LogLevel.ERROR,
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => webApi.LogLevel.ERROR,
      setName() {},
    },
  });
}

/** What Slack answered to a call that it refused. */
async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof webApi.WebAPIPlatformError) return { ...error.data };
    return { thrown: error instanceof Error ? error.constructor.name : String(error) };
  }
  throw new Error('It was not refused.');
}

describe('who may call what', () => {
  it('refuses a wrong, a revoked and a misplaced token, and says which scope is missing', async () => {
    const slack = await start({ apps: { workbench: { withoutScopes: ['users:read', 'chat:write.customize'] } } });
    const { workbench } = slack.apps;
    const channel = slack.channels.ideas;
    const client = clientOf(slack.url, workbench.botToken);
    expect(await refusal(clientOf(slack.url, 'xoxb-none').auth.test())).toMatchObject({ error: 'invalid_auth' });
    expect(await refusal(clientOf(slack.url, workbench.appToken).auth.test())).toMatchObject({
      error: 'not_allowed_token_type',
    });
    expect(await refusal(client.users.info({ user: slack.people.ana.id }))).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read',
    });
    expect(await refusal(client.chat.postMessage({ channel, text: 'Hi', username: 'Tess' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'chat:write.customize',
    });
    expect(await refusal(client.apiCall('chat.postNothing'))).toMatchObject({ error: 'unknown_method' });
    expect((await client.auth.test()).response_metadata?.scopes).toContain('chat:write');
    workbench.revoke();
    expect(await refusal(client.auth.test())).toMatchObject({ error: 'token_revoked' });
    expect(slack.messages('ideas')).toEqual([]);
  });

  it('keeps an app out of channels that it is not in, of archived ones, and of private ones that it cannot know', async () => {
    const slack = await start({
      apps: { workbench: { withoutScopes: ['chat:write.public'] } },
      channels: { away: { apps: [] }, old: { isArchived: true }, secret: { isPrivate: true, apps: [] } },
    });
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const post = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'Hi' }));
    expect(await post(slack.channels.away)).toMatchObject({ error: 'not_in_channel' });
    expect(await post(slack.channels.old)).toMatchObject({ error: 'is_archived' });
    expect(await post(slack.channels.secret)).toMatchObject({ error: 'channel_not_found' });
    expect(await refusal(client.conversations.history({ channel: slack.channels.away }))).toMatchObject({
      error: 'not_in_channel',
    });
    expect(await refusal(client.conversations.info({ channel: 'C404' }))).toMatchObject({ error: 'channel_not_found' });
  });

  it('lets an app edit its own messages only, and those within the window', async () => {
    const slack = await start({ editWindowMs: 60_000 });
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const channel = slack.channels.ideas;
    const said = slack.people.ana.say('ideas', 'mine');
    const own = await client.chat.postMessage({ channel, text: 'one' });
    const ts = own.ts ?? '';
    await client.chat.update({ channel, ts, text: 'two' });
    expect(slack.message(ts).versions).toEqual(['one', 'two']);
    expect(await refusal(client.chat.update({ ...said, text: 'no' }))).toMatchObject({ error: 'cant_update_message' });
    slack.clock.advance(61_000);
    expect(await refusal(client.chat.update({ channel, ts, text: 'three' }))).toMatchObject({
      error: 'edit_window_closed',
    });
    slack.people.ben.moderate(ts);
    expect(await refusal(client.chat.update({ channel, ts, text: 'four' }))).toMatchObject({
      error: 'message_not_found',
    });
  });
});

describe('what a message may hold', () => {
  const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });

  it.each([
    ['a section of 3,001 characters', [section('x'.repeat(3001))], '/blocks/0/text/text'],
    ['an empty section', [section('')], '/blocks/0/text/text'],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks'],
    ['an unknown block', [{ type: 'headline' }], '/blocks/0/type'],
    [
      'a header of 151 characters',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      '/text/text',
    ],
    ['a property that Slack does not know', [{ ...section('x'), colour: 'red' }], 'colour'],
    [
      'two blocks of one id',
      [
        { ...section('x'), block_id: 'a' },
        { ...section('y'), block_id: 'a' },
      ],
      '/blocks/1/block_id',
    ],
    [
      'a button that says too much',
      [actions(button({ text: { type: 'plain_text', text: 'x'.repeat(76) } }))],
      '/text/text',
    ],
    ['a button with a long value', [actions(button({ value: 'x'.repeat(2001) }))], '/elements/0/value'],
    ['two buttons of one id', [actions(button({}), button({}))], '/elements/1/action_id'],
    ['26 elements', [actions(...Array.from({ length: 26 }, (_, id) => button({ action_id: `a${id}` })))], '/elements'],
    [
      'eleven fields',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }],
      '/fields',
    ],
    ['a long field', [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2001) }] }], '/fields/0/text'],
    ['a plan of something else', [{ type: 'plan', title: 'Plan', tasks: [{ type: 'todo' }] }], '/tasks/0'],
    ['six choices in an overflow menu', [actions(overflow(6))], '/elements/0/options'],
  ])('refuses %s, and says where', async (_, blocks, where) => {
    const slack = await start();
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const answer = await refusal(
      client.apiCall('chat.postMessage', { channel: slack.channels.ideas, text: 'x', blocks }),
    );
    expect(answer.error).toBe('invalid_blocks');
    expect(JSON.stringify(answer.response_metadata)).toContain(where);
    expect(slack.messages('ideas')).toEqual([]);
  });

  it('takes what is within the limits', async () => {
    const slack = await start();
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const blocks = [
      section('x'.repeat(3000)),
      actions(button({ value: 'x'.repeat(2000), text: { type: 'plain_text', text: 'y'.repeat(75) } }), overflow(5)),
      { type: 'plan', title: 'Plan', tasks: [{ type: 'task_card', task_id: '1', title: 'Cut', status: 'complete' }] },
      { type: 'markdown', text: '**hello**' },
      { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'A saw' },
    ];
    await client.apiCall('chat.postMessage', { channel: slack.channels.ideas, text: 'x', blocks });
    expect(slack.transcript('ideas')).toContain('[x] Cut');
  });

  it('knows no plans where the workspace has none', async () => {
    const slack = await start({ features: { planBlocks: false } });
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const blocks = [{ type: 'plan', title: 'Plan' }];
    expect(
      await refusal(client.apiCall('chat.postMessage', { channel: slack.channels.ideas, text: 'x', blocks })),
    ).toMatchObject({ error: 'invalid_blocks' });
  });

  it('refuses text that is too long, alone and over all blocks, and nothing at all', async () => {
    const slack = await start();
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const channel = slack.channels.ideas;
    expect(await refusal(client.chat.postMessage({ channel, text: 'x'.repeat(40_001) }))).toMatchObject({
      error: 'msg_too_long',
    });
    const blocks = Array.from({ length: 5 }, () => section('x'.repeat(3000)));
    expect(await refusal(client.chat.postMessage({ channel, text: 'x', blocks }))).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await refusal(client.apiCall('chat.postMessage', { channel }))).toMatchObject({ error: 'no_text' });
    expect(await refusal(client.chat.postMessage({ channel, text: 'x', thread_ts: '1.000001' }))).toMatchObject({
      error: 'thread_not_found',
    });
  });

  it('reads the limits from the comments of Slack’s types', async () => {
    expect(limitsIn('Maximum length for this field is 255 characters. `block_id` should be unique')).toEqual({
      characters: 255,
      items: null,
    });
    expect(limitsIn('An error. Maximum value is 3000.')).toBeNull();
    const { stated } = await blockRules();
    const found = Object.fromEntries(stated.map(({ at, characters, items }) => [at, characters ?? items]));
    expect(found).toMatchObject({
      'ActionsBlock.elements': 25,
      'Button.action_id': 255,
      'Button.text': 75,
      'Button.url': 3000,
      'Button.value': 2000,
      'Checkboxes.options': 10,
      'ConfirmationDialog.text': 300,
      'ContextBlock.elements': 10,
      'HeaderBlock.text': 150,
      'InputBlock.label': 2000,
      'MarkdownBlock.text': 12_000,
      'ModalView.private_metadata': 3000,
      'ModalView.title': 24,
      'PlainTextOption.value': 75,
      'SectionBlock.block_id': 255,
      'SectionBlock.text': 3000,
      'StaticSelect.options': 100,
      'TableBlock.rows': 100,
    });
  });
});

function button(changes: object): object {
  return { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' }, ...changes };
}

function overflow(count: number): object {
  const options = Array.from({ length: count }, (_, value) => ({
    text: { type: 'plain_text', text: `Choice ${value}` },
    value: `${value}`,
  }));
  return { type: 'overflow', action_id: 'more', options };
}

function actions(...elements: object[]): object {
  return { type: 'actions', elements };
}

describe('limits and faults', () => {
  it('lets a channel have a short burst and then about one message a second', async () => {
    const slack = await start({ limits: 'slack', readMs: () => Date.UTC(2026, 0, 5, 9) });
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const post = () => client.chat.postMessage({ channel: slack.channels.ideas, text: 'x' });
    for (let sent = 0; sent < 3; sent++) await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
    slack.clock.advance(1_000);
    await post();
    expect(slack.messages('ideas')).toHaveLength(4);
  });

  it('can lose an answer after its effect, and fail before it', async () => {
    const slack = await start();
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const post = (text: string) => client.chat.postMessage({ channel: slack.channels.ideas, text });
    slack.faults.loseAnswer('chat.postMessage');
    expect(await refusal(post('there'))).toEqual({ thrown: 'WebAPIRequestError' });
    slack.faults.cut('chat.postMessage');
    expect(await refusal(post('not there'))).toEqual({ thrown: 'WebAPIRequestError' });
    slack.faults.status('chat.postMessage', 500);
    expect(await refusal(post('not there'))).toEqual({ thrown: 'WebAPIHTTPError' });
    slack.faults.error('chat.postMessage', 'internal_error', { when: ({ text }) => text === 'this one' });
    await post('and there');
    expect(await refusal(post('this one'))).toMatchObject({ error: 'internal_error' });
    slack.faults.hang('chat.postMessage');
    const impatient = clientOf(slack.url, slack.apps.workbench.botToken, 50);
    expect(await refusal(impatient.chat.postMessage({ channel: slack.channels.ideas, text: 'never' }))).toEqual({
      thrown: 'WebAPIRequestError',
    });
    expect(slack.messages('ideas').map(({ text }) => text)).toEqual(['there', 'and there']);
  });

  it('finds a post again by its metadata, for the app that sent it only', async () => {
    const slack = await start({ apps: { workbench: {}, other: {} } });
    const channel = slack.channels.ideas;
    const metadata = { event_type: 'factory_workbench_post', event_payload: { post_id: 'p1', version: 1 } };
    await clientOf(slack.url, slack.apps.workbench.botToken).chat.postMessage({ channel, text: 'x', metadata });
    const read = async (token: string) =>
      (await clientOf(slack.url, token).conversations.history({ channel, include_all_metadata: true })).messages?.[0]
        ?.metadata;
    expect(await read(slack.apps.workbench.botToken)).toMatchObject(metadata);
    expect(await read(slack.apps.other.botToken)).toBeUndefined();
  });
});

describe('modals', () => {
  it('takes a trigger once, within three seconds, and from the app that it was for', async () => {
    const slack = await start({ apps: { workbench: {}, other: {} } });
    const client = clientOf(slack.url, slack.apps.workbench.botToken);
    const title = { type: 'plain_text' as const, text: 'A note' };
    const view = { type: 'modal' as const, title, blocks: [{ type: 'divider' as const }] };
    const trigger = async () => {
      void slack.people.ana.command('ideas', '/workbench hello');
      return String(slack.deliveries.all.at(-1)?.body.trigger_id);
    };
    slack.workspace.apps.get(slack.apps.other.id)?.commands.clear();
    const first = await trigger();
    const other = clientOf(slack.url, slack.apps.other.botToken);
    expect(await refusal(other.views.open({ trigger_id: first, view }))).toMatchObject({ error: 'invalid_trigger_id' });
    await client.views.open({ trigger_id: first, view });
    expect(await refusal(client.views.open({ trigger_id: first, view }))).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    const late = await trigger();
    slack.clock.advance(3_001);
    expect(await refusal(client.views.open({ trigger_id: late, view }))).toMatchObject({ error: 'expired_trigger_id' });
    const long = { ...view, title: { ...title, text: 'x'.repeat(25) } };
    const refused = await refusal(client.views.open({ trigger_id: await trigger(), view: long }));
    expect(refused.error).toBe('invalid_arguments');
    expect(JSON.stringify(refused)).toContain('must be less than 25 characters [json-pointer:/view/title/text]');
  });
});

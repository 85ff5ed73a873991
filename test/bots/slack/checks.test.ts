import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkSlack } from '#bots/slack/checks/check-slack.ts';
import { checkAvatars } from '#bots/slack/checks/avatars.ts';
import type { SlackSettings } from '#src/slack-settings.ts';
import { personaNames } from '#src/ports/personas.ts';
import { startSlack, type StandInSlack } from '#test/support/slack/start-slack.ts';

const picture = (persona: string) => new URL(`../../../bots/slack/assets/${persona}.png`, import.meta.url);

type World = StandInSlack<'ana', 'tess' | 'mason' | 'plain' | 'poor' | 'lone' | 'deaf', 'ideas' | 'old' | 'closed'>;
let slack: World;

beforeAll(async () => {
  slack = await startSlack({
    people: { ana: {} },
    apps: {
      tess: {},
      mason: {},
      plain: { withoutScopes: ['assistant:write'] },
      poor: { withoutScopes: ['files:read', 'usergroups:read', 'assistant:write'] },
      lone: { appScopes: [] },
      deaf: { isAgent: false },
    },
    channels: {
      ideas: { apps: ['tess', 'mason'] },
      old: { apps: ['tess'], isArchived: true },
      closed: { apps: ['mason'], isPrivate: true },
    },
  });
});
afterAll(() => slack.close());

function settingsOf(app: keyof World['apps'], more: Partial<SlackSettings> = {}): SlackSettings {
  const { botToken, appToken } = slack.apps[app];
  return {
    botToken,
    delivery: { kind: 'socket', appToken },
    personaTokens: {},
    avatarsUrl: null,
    commandPrefix: '',
    apiUrl: slack.url,
    ...more,
  };
}

/** Lines as the doctor prints them; what is wrong says what to do, and no line says a token. */
async function linesOf(settings: SlackSettings, channels: readonly string[] = []): Promise<Record<string, string>> {
  const checks = await checkSlack(settings, channels);
  for (const { state, fix, detail } of checks) {
    if (state !== 'ok') expect(fix).not.toBeNull();
    expect(detail).toMatch(/\.$/);
  }
  const secrets = [settings.botToken, ...Object.values(settings.personaTokens)];
  if (settings.delivery.kind === 'socket') secrets.push(settings.delivery.appToken);
  for (const secret of secrets) expect(JSON.stringify(checks)).not.toContain(secret);
  return Object.fromEntries(checks.map(({ name, state, detail, fix }) => [name, [state, detail, fix ?? ''].join(' ')]));
}

describe('the doctor of Slack', () => {
  it('is content with what is whole, and posts nothing', async () => {
    slack.calls.length = 0;
    const settings = settingsOf('tess', { personaTokens: { mason: slack.apps.mason.botToken } });
    const lines = await linesOf(settings, [slack.channels.ideas]);
    expect(Object.keys(lines)).toEqual([
      'slack',
      'slack permissions',
      'slack events',
      'slack status',
      'slack mason',
      'slack #ideas',
      'slack avatars',
    ]);
    expect(Object.values(lines).filter((line) => !line.startsWith('ok '))).toEqual([]);
    expect(lines['slack']).toContain('@tess is signed in to');
    const posting = slack.calls.filter(({ method }) => /^(?:chat|views|reactions|files)\./.test(method));
    expect(posting).toEqual([]);
    expect([...slack.sessions()]).toEqual([]);
  });

  it('says whether Slack itself shows what a task does, unless it may not ask', async () => {
    expect((await linesOf(settingsOf('tess')))['slack status']).toMatch(/^ok .*Stop button/);
    expect((await linesOf(settingsOf('deaf')))['slack status']).toMatch(/^warning .*\(not_authorized\)/);
    expect(await linesOf(settingsOf('plain'))).not.toHaveProperty('slack status');
    slack.faults.rateLimit('agents.sessions.setStatus', 30);
    expect((await linesOf(settingsOf('tess')))['slack status']).toMatch(/^warning Slack did not say/);
  });

  it('says which permissions are missing, and which one is only nice to have', async () => {
    expect((await linesOf(settingsOf('poor')))['slack permissions']).toMatch(
      /^missing The app may not: files:read, usergroups:read\. Add them/,
    );
    expect((await linesOf(settingsOf('plain')))['slack permissions']).toMatch(/^warning .*not declared an agent/);
  });

  it('stops at a bot token that Slack does not take', async () => {
    slack.apps.lone.revoke();
    onTestFinished(() => slack.apps.lone.restore());
    expect(await linesOf(settingsOf('lone'))).toEqual({
      slack: expect.stringMatching(/^missing Slack does not take SLACK_BOT_TOKEN \(token_revoked\)\. Install/),
    });
    const wrong = settingsOf('tess', { botToken: 'xoxb-nobody' });
    expect((await linesOf(wrong))['slack']).toContain('invalid_auth');
  });

  it('tells silence from refusal, and is told to wait', async () => {
    const nowhere = settingsOf('tess', { apiUrl: 'http://127.0.0.1:9/api/' });
    expect((await linesOf(nowhere))['slack']).toMatch(/^missing Slack does not answer\./);
    slack.faults.rateLimit('auth.test', 30);
    expect((await linesOf(settingsOf('tess')))['slack']).toMatch(/^missing Slack asks to wait/);
  });

  it('tries whether events can come in', async () => {
    expect((await linesOf(settingsOf('lone')))['slack events']).toMatch(/^missing .*may not open.*connections:write/);
    const other = settingsOf('tess', { delivery: { kind: 'socket', appToken: 'xapp-1-A0OTHER-1-key' } });
    expect((await linesOf(other))['slack events']).toMatch(/^missing SLACK_APP_TOKEN belongs to another app/);
    const unknown = settingsOf('tess', { delivery: { kind: 'socket', appToken: 'xapp-unknown' } });
    expect((await linesOf(unknown))['slack events']).toMatch(/^missing Slack does not take SLACK_APP_TOKEN/);
    const http = settingsOf('tess', { delivery: { kind: 'http', signingSecret: 'secret', port: 4748 } });
    expect((await linesOf(http))['slack events']).toMatch(/^ok Slack sends signed requests/);
  });

  it('names the channels where somebody is not a member', async () => {
    const { ideas, old, closed } = slack.channels;
    const lines = await linesOf(settingsOf('tess'), [old, closed, 'C0NOSUCH']);
    expect(lines['slack #old']).toMatch(/^missing It is archived/);
    expect(lines[`slack ${closed}`]).toMatch(/^missing Slack shows no such channel.*\/invite @tess/);
    expect(lines['slack C0NOSUCH']).toMatch(/^missing Slack shows no such channel/);
    expect((await linesOf(settingsOf('plain'), [ideas]))['slack #ideas']).toMatch(/^missing @plain is not a member/);
    const persona = settingsOf('tess', {
      personaTokens: { mason: slack.apps.mason.botToken, vera: slack.apps.plain.botToken },
    });
    expect((await linesOf(persona, [ideas]))['slack #ideas']).toMatch(
      /^missing .*: @plain\. Say there: \/invite @plain$/,
    );
  });

  it('names a persona whose token will not do', async () => {
    const settings = settingsOf('tess', { personaTokens: { vera: 'xoxb-nobody' } });
    expect((await linesOf(settings))['slack vera']).toMatch(/^missing Slack does not take SLACK_TOKEN_VERA/);
  });
});

describe('avatars', () => {
  it.each(personaNames)('are small pictures of the size that Slack asks for: %s', (persona) => {
    const bytes = readFileSync(picture(persona));
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'));
    expect([bytes.toString('latin1', 12, 16), bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([
      'IHDR',
      512,
      512,
    ]);
    expect(bytes.toString('latin1', bytes.length - 8, bytes.length - 4)).toBe('IEND');
    expect(statSync(picture(persona)).size).toBeLessThan(15_000);
  });

  it('are looked for where Slack will look', async () => {
    const server = createServer((request, response) => {
      const isThere = request.url !== '/avatars/vera.png' && request.url !== '/avatars/ollan.png';
      const type = request.url === '/avatars/mason.png' ? 'text/html' : 'image/png';
      response.writeHead(isThere ? 200 : 404, { 'content-type': type }).end('x');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await checkAvatars(`http://127.0.0.1:${port}/avatars/`)).toMatchObject({
      state: 'warning',
      detail: 'No picture at SLACK_AVATARS_URL for mason, ollan, vera.',
    });
    expect(await checkAvatars('http://127.0.0.1:9/')).toMatchObject({ state: 'warning' });
    expect(await checkAvatars(null)).toMatchObject({ state: 'ok' });
  });
});

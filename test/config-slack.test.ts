import { describe, expect, it } from 'vitest';
import { loadConfig } from '#src/config.ts';
import { faultOf } from '#test/support/config-fault.ts';

describe('settings for Slack', () => {
  const socket = { SLACK_BOT_TOKEN: 'xoxb-1-team', SLACK_APP_TOKEN: 'xapp-1-A1-1-app' };
  const slack = (env: Record<string, string> = {}) => loadConfig({ ...socket, ...env }, '/srv').slack;

  it('mean none without the bot token, and one that is idle is worth a word', () => {
    expect(loadConfig({ SLACK_COMMAND_PREFIX: 'fw' }, '/srv')).toMatchObject({ slack: null, notes: [] });
    expect(loadConfig({ SLACK_TOKEN_VERA: 'xoxb-2-team' }, '/srv')).toMatchObject({
      slack: null,
      notes: ['SLACK_TOKEN_VERA is set and SLACK_BOT_TOKEN is not, so Slack is not used.'],
    });
    expect(loadConfig(socket, '/srv').notes).toEqual([]);
  });

  it('use Socket Mode with an app-level token, and one app for all personas', () => {
    expect(slack()).toEqual({
      botToken: 'xoxb-1-team',
      delivery: { kind: 'socket', appToken: 'xapp-1-A1-1-app' },
      personaTokens: {},
      avatarsUrl: null,
      commandPrefix: '',
      apiUrl: 'https://slack.com/api/',
    });
    expect(slack({ SLACK_SIGNING_SECRET: 'secret' })?.delivery.kind).toBe('socket');
  });

  it('use signed HTTP where there is only a signing secret', () => {
    const env = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: ' 8f742231b10e8888abcd99yyyzzz85a5\n' };
    expect(slack(env)?.delivery).toEqual({
      kind: 'http',
      signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
      port: 4748,
    });
  });

  it('mix personas of their own with the one app, and end addresses with a slash', () => {
    const env = {
      SLACK_TOKEN_MASON: 'xoxb-3-team',
      SLACK_TOKEN_VERA: 'xoxb-4-team',
      SLACK_AVATARS_URL: 'https://files.example/avatars',
      SLACK_API_URL: 'http://127.0.0.1:5000/api',
      SLACK_COMMAND_PREFIX: 'fw',
    };
    expect(slack(env)).toMatchObject({
      personaTokens: { mason: 'xoxb-3-team', vera: 'xoxb-4-team' },
      avatarsUrl: 'https://files.example/avatars/',
      apiUrl: 'http://127.0.0.1:5000/api/',
      commandPrefix: 'fw',
    });
  });

  it('say what is missing when events could come in neither way', () => {
    const fault = faultOf({ SLACK_BOT_TOKEN: 'xoxb-1-team' });
    expect(fault).toContain('SLACK_APP_TOKEN:');
    expect(fault).toContain('SLACK_SIGNING_SECRET');
  });

  it.each([
    ['SLACK_BOT_TOKEN', 'xoxp-1-user', 'is a user token'],
    ['SLACK_BOT_TOKEN', 'xapp-1-A1-1-app', 'is an app-level token'],
    ['SLACK_BOT_TOKEN', 'xoxe.xoxb-1-rotating', 'rotates'],
    ['SLACK_BOT_TOKEN', 'A0123', 'must start with xoxb-'],
    ['SLACK_APP_TOKEN', 'xoxb-1-team', 'is a bot token'],
    ['SLACK_APP_TOKEN', 'A0123', 'must start with xapp-'],
    ['SLACK_SIGNING_SECRET', 'xoxb-1-team', 'is a bot token'],
    ['SLACK_TOKEN_OLLAN', 'xapp-1-A1-1-app', 'is an app-level token'],
    ['SLACK_TOKEN_OLLAN', 'xoxb-1-team', 'is the token of SLACK_BOT_TOKEN'],
    ['SLACK_API_URL', 'http://slack.example/api/', 'must start with https://'],
    ['SLACK_API_URL', 'http://127.0.0.1.example.com/api/', 'must start with https://'],
    ['SLACK_API_URL', 'slack.com', 'must be a whole address'],
    ['SLACK_AVATARS_URL', 'http://files.example/', 'must start with https://'],
    ['SLACK_COMMAND_PREFIX', '/fw', 'small letters'],
    ['SLACK_COMMAND_PREFIX', 'Team', 'small letters'],
    ['SLACK_COMMAND_PREFIX', 'a-name-of-more-than-twenty', 'up to 20'],
  ])('are refused by name when they will not do: %s=%s', (name, value, why) => {
    expect(faultOf({ ...socket, [name]: value })).toContain(`${name}: ${why.startsWith('is') ? why : ''}`);
    expect(faultOf({ ...socket, [name]: value })).toContain(why);
  });

  it('never repeat a token in the error about them', () => {
    const wrong = { SLACK_BOT_TOKEN: 'xoxp-hunter2', SLACK_APP_TOKEN: 'xoxb-hunter2', SLACK_TOKEN_TESS: 'hunter2' };
    expect(faultOf(wrong)).not.toContain('hunter2');
    expect(faultOf({ ...socket, SLACK_TOKEN_TESS: socket.SLACK_BOT_TOKEN })).not.toContain('xoxb-1');
  });
});

import { expect, it } from 'vitest';
import { loadConfig } from '#src/config.ts';
import { settings } from '#src/settings.ts';
import { secretsInSettings } from '#src/safety/secrets-in-settings.ts';
import { filler } from './corpus.ts';

const given = {
  DATABASE_URL: 'postgres://factory:db%2Fpass-1@db.example/factory',
  REDIS_URL: 'rediss://:redis-pass-2@queue.example',
  OPENAI_MODEL: 'thinker',
  OPENAI_BASE_URL: 'https://me:proxy-pass-3@models.example/v1',
  OPENAI_API_KEY: 'model-key-4',
  OPENAI_API_KEY_OLLAN: 'model-key-5',
  SLACK_BOT_TOKEN: `xoxb-${filler(30)}`,
  SLACK_APP_TOKEN: 'xapp-1-A0-0-abc',
  SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
  SLACK_TOKEN_MASON: 'xoxb-mason-token-7',
  GITHUB_TOKEN: `github_pat_${filler(30)}`,
  GITHUB_APP_ID: '12',
  GITHUB_APP_PRIVATE_KEY: ['-----BEGIN RSA PRIVATE', ' KEY-----\n', filler(64), '\n-----END'].join(''),
  GITHUB_WEBHOOK_SECRET: 'webhook-secret-8',
  SIGNALS_SECRET: 'signals-secret-10-of-services',
  ACCOUNTS_KEY: Buffer.alloc(32, 9).toString('base64'),
};

it('every secret that a setting can hold is known by its value (C15)', () => {
  // With an app-level token Slack signs nothing, so that secret is not read.
  const overHttp = secretsInSettings(loadConfig({ ...given, SLACK_APP_TOKEN: '' }, '/srv'));
  const known = new Set([...secretsInSettings(loadConfig(given, '/srv')), ...overHttp]);
  expect([...known].toSorted()).toEqual(
    [
      'db%2Fpass-1',
      'db/pass-1',
      'redis-pass-2',
      'proxy-pass-3',
      'model-key-4',
      'model-key-5',
      given.SLACK_BOT_TOKEN,
      given.SLACK_APP_TOKEN,
      given.SLACK_SIGNING_SECRET,
      'xoxb-mason-token-7',
      given.GITHUB_TOKEN,
      given.GITHUB_APP_PRIVATE_KEY,
      'webhook-secret-8',
      given.SIGNALS_SECRET,
      given.ACCOUNTS_KEY,
    ].toSorted(),
  );
});

it('no setting whose name speaks of a secret is left out of this test (C15)', () => {
  const secret = Object.keys(settings).filter((name) => /TOKEN(?!S)|SECRET|KEY|PASSWORD/.test(name));
  const tried = Object.keys(given);
  // A path is no secret, and one persona stands for all.
  const kinds = secret.filter((name) => !name.endsWith('_FILE') && !name.startsWith('SLACK_TOKEN_'));
  expect(kinds.filter((name) => !tried.includes(name))).toEqual([]);
});

it('what stands for a key and is a word stays a word', () => {
  const words = {
    DATABASE_URL: 'postgres://factory:postgres@db.example/factory',
    OPENAI_MODEL: 'm',
    OPENAI_API_KEY: 'ollama',
  };
  expect(secretsInSettings(loadConfig(words, '/srv'))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#src/config.ts';
import { settings } from '#src/settings.ts';
import { faultOf } from '#test/support/config-fault.ts';

describe('settings', () => {
  it('have defaults that work without a word', () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(loadConfig({}, '/home/ada/project')).toEqual({
      port: 4747,
      portIsExplicit: false,
      dataDir: '/home/ada/project/.workbench',
      databaseUrl: null,
      redisUrl: null,
      approvers: ['local'],
      sandbox: 'bubblewrap',
      approvalExpiryHours: 72,
      model: null,
      slack: null,
      github: null,
      signals: null,
      osvUrl: null,
      logLevel: 'warn',
      workingHours: { fromMinute: 540, toMinute: 1020, timeZone },
      factoryProject: null,
      retrospectives: { cron: '0 9 * * 1', timeZone },
      notes: [],
    });
  });

  it('are read as they are meant', () => {
    const env = {
      PORT: '80',
      WORKBENCH_DATA: 'data',
      DATABASE_URL: 'postgres://ada@db/factory',
      REDIS_URL: 'rediss://queue:6379',
      APPROVERS: ' ada, grace ,,',
      SANDBOX: 'none',
      APPROVAL_EXPIRY_HOURS: '0.5',
      OSV_URL: 'https://osv.example',
      LOG_LEVEL: 'debug',
      WORKING_HOURS: '8:30 - 16:45',
      FACTORY_PROJECT: ' Workbench ',
      RETRO_CRON: ' 30 8  * * 5',
      TIME_ZONE: 'Europe/Berlin',
    };
    expect(loadConfig(env, '/srv')).toEqual({
      port: 80,
      portIsExplicit: true,
      dataDir: '/srv/data',
      databaseUrl: 'postgres://ada@db/factory',
      redisUrl: 'rediss://queue:6379',
      approvers: ['ada', 'grace'],
      sandbox: 'none',
      approvalExpiryHours: 0.5,
      model: null,
      slack: null,
      github: null,
      signals: null,
      osvUrl: 'https://osv.example/',
      logLevel: 'debug',
      workingHours: { fromMinute: 510, toMinute: 1005, timeZone: 'Europe/Berlin' },
      factoryProject: 'workbench',
      retrospectives: { cron: '30 8 * * 5', timeZone: 'Europe/Berlin' },
      notes: [],
    });
  });

  it('say what signals are signed with, and refuse what can be guessed', () => {
    const env = { SIGNALS_SECRET: ' a secret of sixteen ', SIGNALS_PORT: '4000' };
    expect(loadConfig(env, '/srv').signals).toEqual({ secret: 'a secret of sixteen', port: 4000 });
    expect(() => loadConfig({ SIGNALS_SECRET: 'fifteen letters' }, '/srv')).toThrow(
      /SIGNALS_SECRET: must have at least 16/,
    );
  });

  it('say where GitHub is, without a slash at the end', () => {
    const env = { GITHUB_TOKEN: ' github_pat_11AA ', GITHUB_API_URL: 'https://github.example.com/api/v3' };
    expect(loadConfig(env, '/srv').github).toMatchObject({
      token: 'github_pat_11AA',
      apiUrl: 'https://github.example.com/api/v3',
      webUrl: 'https://github.com',
      label: 'factory',
      webhook: null,
      clientId: null,
      accountsKey: null,
    });
    const heard = { ...env, GITHUB_WEBHOOK_SECRET: 'shared', GITHUB_WEBHOOK_PORT: '5000' };
    expect(loadConfig(heard, '/srv').github?.webhook).toEqual({ secret: 'shared', port: 5000 });
  });

  it('name an App in place of the token, with its key on one line or in a file', () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----';
    const onOneLine = { GITHUB_APP_ID: '4711', GITHUB_APP_PRIVATE_KEY: pem.replaceAll('\n', String.raw`\n`) };
    expect(loadConfig(onOneLine, '/srv').github).toMatchObject({
      token: null,
      app: { id: '4711', key: { kind: 'pem', pem } },
    });
    const inFile = { GITHUB_APP_ID: 'Iv23liABC', GITHUB_APP_PRIVATE_KEY_FILE: 'keys/app.pem' };
    expect(loadConfig(inFile, '/srv').github?.app?.key).toEqual({ kind: 'file', path: '/srv/keys/app.pem' });
    expect(loadConfig({ ...inFile, GITHUB_TOKEN: 'ghp_1' }, '/srv').notes.join(' ')).toContain('works as the App');
    for (const [env, says] of [
      [{ GITHUB_APP_ID: '4711' }, /GITHUB_APP_PRIVATE_KEY_FILE: is needed/],
      [{ GITHUB_APP_PRIVATE_KEY_FILE: 'app.pem' }, /GITHUB_APP_ID: is needed/],
      [{ ...onOneLine, ...inFile }, /one of them is enough/],
    ] as const)
      expect(() => loadConfig(env, '/srv')).toThrow(says);
    expect(() => loadConfig({ ...onOneLine, ...inFile }, '/srv')).not.toThrow(pem);
  });

  it('take a key for accounts that is long enough to be one, and never repeat it', () => {
    const env = { GITHUB_TOKEN: 'github_pat_11AA', GITHUB_CLIENT_ID: 'Iv23liABC' };
    const key = Buffer.alloc(32, 7);
    expect(loadConfig({ ...env, ACCOUNTS_KEY: key.toString('base64') }, '/srv').github).toMatchObject({
      clientId: 'Iv23liABC',
      accountsKey: key.toString('base64'),
    });
    const short = Buffer.alloc(16, 7).toString('base64');
    expect(() => loadConfig({ ...env, ACCOUNTS_KEY: short }, '/srv')).toThrow(/ACCOUNTS_KEY: must be 32 bytes/);
    expect(() => loadConfig({ ...env, ACCOUNTS_KEY: short }, '/srv')).not.toThrow(short);
  });

  it('may have nobody reminded', () => {
    expect(loadConfig({ WORKING_HOURS: 'none' }, '/srv').workingHours).toBeNull();
    expect(loadConfig({ WORKING_HOURS: '0-24' }, '/srv').workingHours).toMatchObject({ fromMinute: 0, toMinute: 1440 });
  });

  it('may have no week looked back on', () => {
    expect(loadConfig({ RETRO_CRON: 'none' }, '/srv').retrospectives).toBeNull();
    expect(loadConfig({ TIME_ZONE: 'UTC' }, '/srv').retrospectives).toEqual({ cron: '0 9 * * 1', timeZone: 'UTC' });
  });

  it.each(['monday at nine', '0 9 * *', '0 0 9 * * 1', '61 9 * * 1', '0 9 31 2 *', 'H 9 * * 1', '@weekly'])(
    'refuse %s as a time to look back, and say how one is written',
    (cron) => {
      expect(() => loadConfig({ RETRO_CRON: cron }, '/srv')).toThrow(
        /RETRO_CRON: .* write minute, hour, .*0 9 \* \* 1/,
      );
    },
  );

  it('keep an absolute data folder, and give nobody the right to approve when the list is empty', () => {
    expect(loadConfig({ WORKBENCH_DATA: '/var/lib/factory', APPROVERS: '' }, '/srv')).toMatchObject({
      dataDir: '/var/lib/factory',
      approvers: [],
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '47.5'],
    ['DATABASE_URL', 'mysql://db'],
    ['DATABASE_URL', 'localhost:5432'],
    ['REDIS_URL', 'http://queue'],
    ['SANDBOX', 'docker'],
    ['APPROVAL_EXPIRY_HOURS', '0'],
    ['APPROVAL_EXPIRY_HOURS', '-3'],
    ['APPROVAL_EXPIRY_HOURS', 'soon'],
    ['APPROVAL_EXPIRY_HOURS', 'Infinity'],
    ['APPROVAL_EXPIRY_HOURS', '9000'],
    ['LOG_LEVEL', 'loud'],
    ['OSV_URL', 'http://osv.example'],
    ['WORKING_HOURS', '9'],
    ['WORKING_HOURS', '17-9'],
    ['WORKING_HOURS', '9-25'],
    ['WORKING_HOURS', '9:60-17'],
    ['TIME_ZONE', 'Berlin'],
    ['GITHUB_TOKEN', 'xoxb-1-2'],
    ['GITHUB_TOKEN', 'ghp_a b'],
    ['GITHUB_APP_ID', 'our-factory'],
    ['GITHUB_APP_PRIVATE_KEY', './app.pem'],
    ['GITHUB_API_URL', 'api.github.com'],
    ['GITHUB_URL', 'http://github.example.com'],
  ])('are refused by name when they will not do: %s=%s', (name, value) => {
    expect(faultOf({ [name]: value })).toContain(`${name}:`);
  });

  it('are all named when several will not do', () => {
    const fault = faultOf({ PORT: 'http', SANDBOX: 'docker' });
    expect(fault).toContain('PORT:');
    expect(fault).toContain('SANDBOX:');
  });

  it('never repeat a secret in the error about them', () => {
    expect(faultOf({ DATABASE_URL: 'mysql://ada:hunter2@db' })).not.toContain('hunter2');
  });

  it('each say what they mean', () => {
    for (const { meaning } of Object.values(settings)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it.each(['README.md', '.env.example'])('stand in %s, each with its default', (file) => {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    for (const [name, setting] of Object.entries(settings)) {
      const shown = setting.default === '' ? '' : `\`${setting.default}\``;
      const line = file === 'README.md' ? `| \`${name}\` | ${shown}` : `\n#${name}=${setting.default}\n`;
      expect(text).toContain(line.trimEnd());
    }
  });
});

describe('settings for a model', () => {
  const model = (env: Record<string, string>) => loadConfig({ OPENAI_MODEL: 'big', ...env }, '/srv').model;

  it('mean none without its name, whatever else is set, and a key without it is worth a word', () => {
    const env = { OPENAI_API_KEY: 'k', OPENAI_MODEL_OLLAN: 'small', BUDGET_DAY: 'usd=1' };
    expect(loadConfig(env, '/srv')).toMatchObject({
      model: null,
      notes: ['OPENAI_API_KEY is set and OPENAI_MODEL is not, so no model is used.'],
    });
    expect(loadConfig({ ...env, OPENAI_MODEL: 'big', MODEL_PRICES: 'big=1/2, small=0/0' }, '/srv').notes).toEqual([]);
  });

  it('are the same for every persona unless one has its own', () => {
    const read = model({
      OPENAI_API_KEY: 'common',
      MODEL_PRICES: 'big=1.25/10, library/small:8b=0/0.5',
      OPENAI_MODEL_OLLAN: 'library/small:8b',
      MODEL_WINDOW_TOKENS: '4000',
      MODEL_TIMEOUT_SECONDS: '30',
    });
    const common = {
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'common',
      model: 'big',
      price: { inputUsd: 1.25, outputUsd: 10 },
    };
    expect(read?.endpoints).toEqual({
      tess: common,
      piper: common,
      mason: common,
      ollan: { ...common, model: 'library/small:8b', price: { inputUsd: 0, outputUsd: 0.5 } },
      vera: common,
      moltbot: common,
    });
    expect(read).toMatchObject({ windowTokens: 4000, timeoutSeconds: 30 });
  });

  it('give the common key to no other server', () => {
    const read = model({
      OPENAI_BASE_URL: 'https://gateway.example/v1',
      OPENAI_API_KEY: 'common',
      OPENAI_BASE_URL_PIPER: 'https://gateway.example/other/v1',
      OPENAI_BASE_URL_MASON: 'https://elsewhere.example/v1',
      OPENAI_BASE_URL_OLLAN: 'http://gateway.example/v1',
      OPENAI_BASE_URL_VERA: 'https://elsewhere.example/v1',
      OPENAI_API_KEY_VERA: 'own',
    });
    const keys = Object.entries(read?.endpoints ?? {}).map(([persona, { apiKey }]) => [persona, apiKey]);
    expect(Object.fromEntries(keys)).toEqual({
      tess: 'common',
      piper: 'common',
      mason: null,
      ollan: null,
      vera: 'own',
      moltbot: 'common',
    });
  });

  it('set caps in any order, with spaces or commas, or none', () => {
    const read = model({
      MODEL_PRICES: 'big=0/0',
      BUDGET_STEP: 'none',
      BUDGET_TASK: 'tools=5, usd=1.5,minutes=0.5  tokens=7',
    });
    expect(read?.budgets).toEqual({
      step: { tokens: null, usd: null, minutes: null, toolCalls: null },
      task: { tokens: 7, usd: 1.5, minutes: 0.5, toolCalls: 5 },
      day: { tokens: 10_000_000, usd: null, minutes: null, toolCalls: null },
    });
  });

  it.each([
    ['BUDGET_STEP', 'tokens=-1'],
    ['BUDGET_STEP', 'tokens=0'],
    ['BUDGET_STEP', 'tokens=1.5'],
    ['BUDGET_STEP', 'tokens'],
    ['BUDGET_TASK', 'minutes=soon'],
    ['BUDGET_TASK', 'dollars=5'],
    ['BUDGET_TASK', 'none tokens=5'],
    ['BUDGET_DAY', 'usd=1e999'],
    ['BUDGET_DAY', 'tools=1 tools=2'],
    ['BUDGET_DAY', 'constructor=1'],
    ['MODEL_PRICES', 'big'],
    ['MODEL_PRICES', 'big=1'],
    ['MODEL_PRICES', 'big=-1/2'],
    ['MODEL_PRICES', 'big=1/2000'],
    ['MODEL_WINDOW_TOKENS', '100'],
    ['MODEL_TIMEOUT_SECONDS', '0'],
    ['OPENAI_BASE_URL', 'models.example/v1'],
    ['OPENAI_BASE_URL', 'https://'],
    ['OPENAI_BASE_URL_OLLAN', 'ftp://models.example'],
  ])('are refused by name when they will not do: %s=%s', (name, value) => {
    expect(faultOf({ OPENAI_MODEL: 'big', MODEL_PRICES: 'big=0/0', [name]: value })).toContain(`${name}:`);
  });

  it('name the word that is not known', () => {
    expect(faultOf({ BUDGET_TASK: 'tokens=5 dollars=5' })).toContain('"dollars=5"');
  });

  it('refuse a cap in dollars for a model without a price, and say what to write', () => {
    const env = { OPENAI_MODEL: 'big', OPENAI_MODEL_VERA: 'small', MODEL_PRICES: 'big=1/2' };
    expect(faultOf({ ...env, BUDGET_TASK: 'usd=1' })).toContain('MODEL_PRICES="small=1.25/10"');
    expect(faultOf({ ...env, BUDGET_TASK: 'usd=1', MODEL_PRICES: 'big=1/2, small=0/0' })).toBe('none');
    expect(faultOf(env)).toBe('none');
  });
});

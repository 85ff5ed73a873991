import { describe, expect, it } from 'vitest';
import { loadConfig, settings } from '#src/config.ts';
import { FactoryError } from '#src/errors.ts';

function faultOf(env: Record<string, string>): string {
  try {
    loadConfig(env, '/home/ada');
  } catch (error) {
    if (error instanceof FactoryError && error.code === 'bad-setting') return error.message;
    throw error;
  }
  return 'none';
}

describe('settings', () => {
  it('have defaults that work without a word', () => {
    expect(loadConfig({}, '/home/ada/project')).toEqual({
      port: 4747,
      portIsExplicit: false,
      dataDir: '/home/ada/project/.workbench',
      databaseUrl: null,
      redisUrl: null,
      approvers: ['local'],
      sandbox: 'bubblewrap',
      approvalExpiryHours: 72,
      logLevel: 'warn',
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
      LOG_LEVEL: 'debug',
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
      logLevel: 'debug',
    });
  });

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
});

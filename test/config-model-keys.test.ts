import { describe, expect, it } from 'vitest';
import { loadConfig } from '#src/config.ts';

const KEY = 'sk-very-secret-0123456789';

describe('a key of a model', () => {
  const env = (more: Record<string, string>) => () => loadConfig({ OPENAI_MODEL: 'm', ...more }, '/');

  it.each([`${KEY}\nX-Other: 1`, `${KEY}“`, `${KEY} ${KEY}`])(
    'that cannot be one is refused at the start, without being shown: %j (C15)',
    (key) => {
      expect(env({ OPENAI_API_KEY: key })).toThrow(/OPENAI_API_KEY/);
      expect(env({ OPENAI_API_KEY_OLLAN: key })).toThrow(/OPENAI_API_KEY_OLLAN/);
      expect(env({ OPENAI_API_KEY: key })).not.toThrow(KEY);
    },
  );

  it('that would go over an open line to another machine is told of, without being shown (C15)', () => {
    const open = loadConfig(
      { OPENAI_MODEL: 'm', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://models.example:8000/v1' },
      '/',
    );
    expect(open.notes.join(' ')).toMatch(/models\.example:8000.*not encrypted/);
    expect(open.notes.join(' ')).not.toContain(KEY);
    for (const near of [
      'http://127.0.0.1:8000/v1',
      'http://localhost/v1',
      'http://[::1]/v1',
      'https://models.example/v1',
    ])
      expect(loadConfig({ OPENAI_MODEL: 'm', OPENAI_API_KEY: KEY, OPENAI_BASE_URL: near }, '/').notes).toEqual([]);
  });

  it('in an address that no client can read is refused at the start, without being shown (C15)', () => {
    expect(env({ OPENAI_BASE_URL: 'http://me:pa%zzword@models.example/v1' })).toThrow(/OPENAI_BASE_URL/);
    expect(env({ OPENAI_BASE_URL: 'http://me:pa%zzword@models.example/v1' })).not.toThrow('zzword');
  });
});

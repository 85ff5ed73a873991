import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { filler, secrets } from './corpus.ts';

const join = (...parts: string[]) => parts.join('');

describe('redactSecrets', () => {
  it.each([
    [`token ${join('gho', '_', filler(36))} here`, 'token [redacted GitHub token] here'],
    [
      join('a\n-----BEGIN ', 'PRIVATE KEY-----\n', filler(64), '\n', filler(64), '\n-----END PRIVATE KEY-----\nb'),
      'a\n[redacted private key]\nb',
    ],
    [join('a\n-----BEGIN ', 'PRIVATE KEY-----\n', filler(64), '\n', filler(64), '\n'), 'a\n[redacted private key]'],
    [join('Authorization: ', 'Bearer ', filler(30)), 'Authorization: Bearer [redacted authorization]'],
    [join('"authorization": "', 'Basic dXNlcjpwYXNz', 'MTIz"'), '"authorization": "Basic [redacted authorization]"'],
    [join('password = "', 'tr0ub4dor&3"'), 'password = "[redacted password]"'],
    [join("dbPassword: '", "tr0ub4dor&3'"), "dbPassword: '[redacted password]'"],
    [join('export STRIPE_', 'SECRET=', filler(20)), 'export STRIPE_SECRET=[redacted secret]'],
    [join('A_KEY="', filler(20), '"'), 'A_KEY="[redacted secret]"'],
    [join('apiKey: "', filler(24), '"'), 'apiKey: "[redacted secret]"'],
    [join('https://x.example/?token=', filler(20), '&a=1'), 'https://x.example/?token=[redacted secret in a link]&a=1'],
    [join('redis://:', 'pw12345', '@cache.example:6379'), 'redis://[redacted login]@cache.example:6379'],
  ])('names what stood there (%#)', (text, clean) => {
    expect(redactSecrets(text)).toBe(clean);
  });

  it.each([
    'API_KEY=process.env.API_KEY',
    'const token = process.env.GITHUB_TOKEN_VALUE1;',
    'API_KEY=${API_KEY_FROM_VAULT_1}',
    'API_TOKEN=your-token-goes-here1',
    'API_TOKEN=<paste Token1 here>',
    'API_TOKEN=xxxxxxxxxxxxxxxx',
    'API_TOKEN=example-Token-123456',
    'password = "changeme1"',
    'password: "Password123"',
    'password = "correct horse"',
    'passwordField = "user-password"',
    "const STORAGE_KEY = 'settings-of-the-room'",
    'tokenKey: "accessTokenStoreName"',
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    'postgres://user:password@localhost/app',
    'git@github.com:acme/shop.git',
    'http://127.0.0.1:4747/a@b',
    'token_type: "Bearer1234567890abc"',
    'the token=3 case, key: value',
    'sha512-z0Zlx5p9bJYd3XvJ3w1Q5n1bq1y3Zq3y0o1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t==',
  ])('is silent about %j', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it('redacting twice changes nothing more', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        ...secrets,
        'password="',
        '"',
        '_TOKEN=',
        'https://',
        ':',
        '@',
        '?token=',
        'Bearer ',
        '[',
        ']',
        '\n',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
        const once = redactSecrets(text);
        expect(redactSecrets(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });
});

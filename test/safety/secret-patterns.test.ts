import { describe, expect, it } from 'vitest';
import { findSecrets } from '#src/safety/secret-patterns.ts';

/** Made up, and put together here so that no scanner takes this file for a leak. */
const text = (length: number, alphabet = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7') =>
  Array.from({ length }, (_, index) => alphabet[index % alphabet.length]).join('');
const join = (...parts: string[]) => parts.join('');

const secrets: [string, string][] = [
  ['AWS access key id', join('AKIA', 'QYLPMN5HHHFPZAM2')],
  ['AWS secret access key', join('aws_secret_access_key', ' = ', text(40))],
  ['GitHub token', join('gho', '_', text(36))],
  ['GitHub token', join('github', '_pat_', text(22), '_', text(59))],
  ['Slack token', join('xoxb', '-', '123456789012', '-', text(24))],
  ['Slack app token', join('xapp', '-1-', 'A0B1C2D3E', '-', '1234567890', '-', text(64, '0123456789abcdef'))],
  ['Slack webhook', join('https://hooks.', 'slack.com/services/', 'T0ABCDEF1/B0ABCDEF1/', text(24))],
  ['OpenAI key', join('sk', '-proj-', text(40), 'T3Blbk', 'FJ', text(40))],
  ['OpenAI key', join('sk', '-', text(20), 'T3Blbk', 'FJ', text(20))],
  ['Anthropic key', join('sk', '-ant-', 'api03-', text(95))],
  ['Google API key', join('AIza', text(35))],
  ['Google client secret', join('GOCSPX', '-', text(28))],
  ['Stripe live key', join('sk', '_live_', text(24))],
  ['npm token', join('npm', '_', text(36))],
  ['private key', join('-----BEGIN ', 'RSA PRIVATE KEY-----\n', text(64), '\n')],
  ['private key', join('-----BEGIN ', 'OPENSSH PRIVATE KEY-----\\n', text(64))],
  ['private key', join('-----BEGIN ', 'RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n', text(64))],
];

describe('findSecrets', () => {
  it.each(secrets)('finds a %s (%#)', (name, secret) => {
    expect(findSecrets(`first line\nvalue: "${secret}"\n`)).toEqual([expect.objectContaining({ name, line: 2 })]);
  });

  it('reads UTF-16 text too', () => {
    const [, secret = ''] = secrets[2] ?? [];
    expect(findSecrets(Buffer.from(secret, 'utf16le').toString('latin1'))).toHaveLength(1);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'Put your key into OPENAI_API_KEY; it starts with sk-.',
    'sk-learn-contrib-imbalanced-ensemble-methods-and-more',
    'ghp_short',
    'xoxb-your-token',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqk4p0m1xQ2q1m1b7r8\n',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    '"integrity": "sha512-z0Zlx5p9bJYd3XvJ3w1Q5n1bq1y3Zq3y0o1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t=="',
  ])('is silent about %j', (harmless) => {
    expect(findSecrets(harmless)).toEqual([]);
  });
});

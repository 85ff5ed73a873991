import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';

/** Made anew each time: no scanner, ours among them, finds a token in this file. */
const forms = {
  'GitHub token': () => `ghp_${letters(36)}`,
  'npm token': () => `npm_${letters(36)}`,
} as const;

/** A secret of no form at all: only its value can give it away, so no filter can hide that it leaked. */
export function formless(name: string): string {
  return `canary-${name}-${randomBytes(12).toString('hex')}`;
}

/** As it is, and as it is most easily smuggled out. */
export function everyForm(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const reversed = [...secret].toReversed().join('');
  // Without its last characters, whatever stands behind it gives the same base64.
  const base64 = Buffer.from(secret.slice(0, secret.length - (secret.length % 3))).toString('base64');
  return [...new Set([secret, encodeURIComponent(secret), reversed, bytes.toString('hex'), base64])];
}

/** A secret of a form that its issuer documents. */
export function canary(form: keyof typeof forms): string {
  return forms[form]();
}

function letters(count: number): string {
  return randomBytes(count).toString('hex').slice(0, count);
}

/** None of the secrets stands in any of these texts; the failure names the place. */
export function expectNowhere(secrets: readonly string[], places: Readonly<Record<string, readonly string[]>>): void {
  const found = Object.entries(places).flatMap(([place, texts]) => {
    expect(texts.length, place).toBeGreaterThan(0);
    return texts
      .filter((text) => secrets.some((secret) => text.includes(secret)))
      .map((text) => `${place}: ${around(text, secrets)}`);
  });
  expect(found).toEqual([]);
}

function around(text: string, secrets: readonly string[]): string {
  const at = Math.max(...secrets.map((secret) => text.indexOf(secret)));
  return `${text.slice(0, 30)} … ${text.slice(Math.max(0, at - 80), at)}`;
}

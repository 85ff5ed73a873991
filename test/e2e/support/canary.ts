import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';

/** Made anew each time: no scanner, ours among them, finds a token in this file. */
const forms = {
  'GitHub token': () => `ghp_${letters(36)}`,
  'npm token': () => `npm_${letters(36)}`,
} as const;

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

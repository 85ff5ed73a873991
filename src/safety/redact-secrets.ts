import { secretForms } from './secret-patterns.ts';
import { generalForms } from './general-secrets.ts';
import type { GeneralForm } from './general-secrets.ts';

export interface SecretRules {
  issued: readonly { name: string; form: RegExp }[];
  general: readonly GeneralForm[];
}

export const secretRules: SecretRules = { issued: secretForms, general: generalForms };

/** PEM bodies are at most this long; a longer one loses its beginning only, and that makes it worthless. */
const MAX_KEY_CHARACTERS = 16_384;

/**
 * Text without credentials: each becomes `[redacted GitHub token]`, named by its kind. Beyond the forms that issuers
 * document it takes what is plainly given as a secret (assignments, `Authorization` headers, logins in URLs), so it is
 * for text that models and people read, and never for files that are kept. Linear and idempotent.
 */
export function redactSecrets(text: string, rules: SecretRules = secretRules): string {
  let clean = text;
  for (const { name, form } of rules.issued) {
    const label = `[redacted ${name}]`;
    if (name === 'private key') clean = redactKeys(clean, form, label);
    else clean = clean.replace(form, (match) => (match.endsWith('EXAMPLE') ? match : label));
  }
  for (const { name, form, isSecret } of rules.general) {
    clean = clean.replace(form, (match: string, before: string, value: string, after: unknown) =>
      isSecret(value) ? `${before}[redacted ${name}]${typeof after === 'string' ? after : ''}` : match,
    );
  }
  return clean;
}

/** The form ends where a key is certain; here all of it goes, to its last line or as far as it looks like one. */
function redactKeys(text: string, form: RegExp, label: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: match, index } of text.matchAll(form)) {
    if (index < at) continue;
    const rest = text.slice(index + match.length, index + MAX_KEY_CHARACTERS);
    const tail =
      /^(?:(?!-----)[\s\S])*-----END [A-Z ]{0,40}KEY[A-Z ]{0,10}-----/.exec(rest) ??
      /^(?:[\w+/=\s]|\\[nr])*/.exec(rest);
    parts.push(text.slice(at, index), label);
    at = index + match.length + (tail?.[0].length ?? 0);
  }
  return at === 0 ? text : parts.join('') + text.slice(at);
}

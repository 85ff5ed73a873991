import { cleanText } from '#src/safety/clean-text.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { isSecretName } from '#src/safety/secrets-in-settings.ts';

const MAX_DEPTH = 6;
/** Of an object or a list. */
const MAX_ENTRIES = 100;
const MAX_KEY_CHARACTERS = 100;
const MAX_TEXT_CHARACTERS = 2_000;
/** Of all of it together: many short entries are long as well. */
const MAX_VALUES = 500;

/** What an outside report says, fit to be kept: hidden characters and secrets are gone, and what is too much is cut. Plain JSON. */
export function keptDetails(details: unknown): unknown {
  let left = MAX_VALUES;

  const keep = (value: unknown, key: string, depth: number): unknown => {
    left -= 1;
    if (left < 0) return '…';
    if (typeof value === 'string') return isSecretName(key) ? '[redacted secret]' : withoutSecrets(key, value);
    if (typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value !== 'object') return null;
    if (depth === MAX_DEPTH) return '…';
    if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => keep(entry, key, depth + 1));
    // Pairs, so that a name such as `__proto__` stays a name.
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, MAX_ENTRIES)
        .map(([name, entry]) => [kept(name, MAX_KEY_CHARACTERS), keep(entry, name, depth + 1)]),
    );
  };
  return keep(details, '', 0);
}

/** Beside its name more is known for a secret than alone. */
function withoutSecrets(key: string, value: string): string {
  const label = `${key}: `;
  const clean = redactSecrets(`${label}${cleanText(value)}`);
  return kept(clean.startsWith(label) ? clean.slice(label.length) : clean, MAX_TEXT_CHARACTERS);
}

function kept(text: string, maxCharacters: number): string {
  const clean = redactSecrets(cleanText(text));
  return clean.length <= maxCharacters ? clean : `${clean.slice(0, maxCharacters).toWellFormed()} …`;
}

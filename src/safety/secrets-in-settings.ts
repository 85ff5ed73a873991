/** `tokens=400` of a budget is a number and no secret; a name counts only for text. */
const SECRET_NAME = /(?:token|secret|password|passphrase|credential|(?:api|private|accounts)_?key|pem)s?$/i;

/**
 * The factory's own secrets by their value: every string under a name that says so, with all that is below it, and the
 * password of every address. For filters that look for known values; the result itself is never shown or kept.
 */
export function secretsInSettings(settings: unknown): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, isSecret: boolean): void => {
    if (typeof value === 'string') for (const secret of isSecret ? [value] : passwordsOf(value)) found.add(secret);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, isSecret || isSecretName(name));
  };
  walk(settings, false);
  return [...found].filter(isTelling);
}

/** Servers without a key are often given a word for one: a filter that took `ollama` out of every text would only hurt. */
function isTelling(secret: string): boolean {
  const { length } = secret;
  return length >= 20 || (length >= 8 && /\d|[a-z].*[A-Z]|[A-Z].*[a-z]/.test(secret));
}

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** As it is written in the address, and as it is meant. */
function passwordsOf(text: string): string[] {
  const written = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*?:([^/?#]*)@/i.exec(text)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

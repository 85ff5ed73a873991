import { redactKnown } from '#src/safety/redact-known.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { isSecretName } from '#src/safety/secrets-in-settings.ts';

/** One JSON line without secrets: in a known form, of a known value, or under a name that says what they are. */
export function redactLine(line: string, known: readonly string[]): string {
  const clean: unknown = JSON.parse(line, (name, value: unknown) => {
    if (typeof value !== 'string') return value;
    return isSecretName(name) ? '[redacted]' : redactSecrets(redactKnown(value, known));
  });
  return `${JSON.stringify(clean)}\n`;
}

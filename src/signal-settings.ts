import * as z from 'zod';
import { badSettings, portNumber } from './setting-kinds.ts';

export interface SignalSettings {
  /** What signals are signed with. */
  secret: string;
  port: number;
}

/** A shorter one could be guessed by whoever heard a signal once. */
const MIN_SECRET_CHARACTERS = 16;

/** How each setting of signals is read. */
export const signalShape = {
  SIGNALS_SECRET: z.string().trim(),
  SIGNALS_PORT: portNumber,
};

type Given = z.infer<z.ZodObject<typeof signalShape>>;

/** null: no secret, so nobody can send any. FactoryError `bad-setting`. */
export function signalSettings({ SIGNALS_SECRET: secret, SIGNALS_PORT: port }: Given): SignalSettings | null {
  if (secret === '') return null;
  if (secret.length < MIN_SECRET_CHARACTERS) {
    throw badSettings([
      `SIGNALS_SECRET: must have at least ${MIN_SECRET_CHARACTERS} characters; \`openssl rand -base64 32\` makes some`,
    ]);
  }
  return { secret, port };
}

import type { CheckView } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';

export const ok = (name: string, detail: string): CheckView => ({ name, state: 'ok', detail, fix: null });

export const warning = (name: string, detail: string, fix: string | null): CheckView => ({
  name,
  state: 'warning',
  detail,
  fix,
});

export const missing = (name: string, detail: string, fix: string): CheckView => ({
  name,
  state: 'missing',
  detail,
  fix,
});

/** The line of something that GitHub refused. Whatever is no FactoryError is thrown on. */
export function refused(name: string, error: unknown): CheckView {
  if (!(error instanceof FactoryError)) throw error;
  return missing(name, error.message, error.fix);
}

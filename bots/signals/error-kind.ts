import { FactoryError } from '#src/errors.ts';

/** What failed, for the log: the message of an error may quote what somebody sent. */
export function errorKind(error: unknown): string {
  if (error instanceof FactoryError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

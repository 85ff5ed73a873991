import { FactoryError } from '#src/errors.ts';

/** What a tool did not do, why, and what the model can do instead. Nothing was changed. */
export function refused(message: string, fix: string): FactoryError {
  return new FactoryError('tool-refused', message, { fix });
}

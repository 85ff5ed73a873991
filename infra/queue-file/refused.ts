import { FactoryError } from '#src/errors.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';

export function refused(why: string): FactoryError {
  return new FactoryError('queue-file-refused', `${QUEUE_FILE} is not read: ${why}.`, {
    fix: 'Keep it as a plain file of text in its own folder.',
  });
}

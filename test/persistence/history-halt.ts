import type { Name, Record_, RecordWith } from './history-task.ts';
import { draft } from './support.ts';

/** All work halted, with and without a reason, and let go on again. */
export async function writeHalt(recordWith: RecordWith, record: Record_, id: Name): Promise<void> {
  const ben = { actor: 'ben' };
  await recordWith('factory', 'comment', `The cafés cost too much`, () =>
    draft('factory.halted', {}, { ...ben, idempotencyKey: `halt:${id('h1')}` }),
  );
  const resumed = draft('factory.resumed', {}, { actor: 'grace' });
  await record('factory', resumed, draft('factory.halted', {}, ben), resumed);
}

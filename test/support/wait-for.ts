import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; the test's own time limit is the only one. */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

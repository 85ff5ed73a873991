import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Queue, Wake, WakeOutcome } from '#src/ports/queue.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** Every lane of this run begins with it, so that another run on the same store is left alone. */
export const LANES = `contract-${randomUUID()}`;

/** How the suite gets at the adapter under test. Every lane that it asks for is new. */
export interface QueueUnderTest {
  open(lane: string): Promise<Queue>;
  /**
   * Program and arguments of another process that works the lane, prints `took <taskId>` when it takes a wake and then
   * holds it for ever. Absent for a queue that lives in one process.
   */
  holder?(lane: string): string[];
}

/** What every queue must do. `makeQueue` is called when a test needs a client. */
export function describeQueueContract(
  name: string,
  makeQueue: () => QueueUnderTest,
  options: { crossesProcesses: boolean },
): void {
  describe(`${name} keeps the queue contract`, () => {
    const open: Queue[] = [];
    const children: ChildProcess[] = [];
    let lane = '';

    async function openQueue(): Promise<Queue> {
      const queue = await makeQueue().open(lane);
      open.push(queue);
      return queue;
    }

    async function freshLane(): Promise<Queue> {
      lane = `${LANES}:${randomUUID()}`;
      return openQueue();
    }

    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
      const queues = open.splice(0);
      await queues[0]?.clear();
      await Promise.all(queues.map((queue) => queue.close()));
    });

    it('delivers what was enqueued, before and after the worker began', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      await queue.enqueue('one', { taskId: 'task-1' });
      await queue.work(recordInto(seen), { concurrency: 1 });
      await queue.enqueue('two', { taskId: 'task-2' });
      await waitFor(() => seen.length === 2);
      expect(seen.sort()).toEqual(['task-1', 'task-2']);
    });

    it('takes ids of any form, and keeps those apart that differ in one sign', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      const ids = ['17', 'a:b', 'a%3Ab', 'a b', 'ä/1'];
      for (const id of ids) await queue.enqueue(id, { taskId: id });
      await queue.work(recordInto(seen), { concurrency: 2 });
      await waitFor(() => seen.length === ids.length);
      expect(seen.sort()).toEqual(ids.sort());
    });

    it('hands one id out once, however often it was enqueued', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      await Promise.all([1, 2, 3].map(() => queue.enqueue('same', { taskId: 'task' })));
      await queue.work(recordInto(seen), { concurrency: 3 });
      await waitFor(() => seen.length > 0);
      await queue.enqueue('same', { taskId: 'task' });
      await queue.enqueue('last', { taskId: 'last' });
      await waitFor(() => seen.includes('last'));
      expect(seen).toEqual(['task', 'last']);
    });

    it('asks again after busy, more often than a failure would be tried', async () => {
      const queue = await freshLane();
      const outcomes: WakeOutcome[] = [...Array<WakeOutcome>(10).fill('busy'), 'done'];
      let asked = 0;
      await queue.enqueue('one', { taskId: 'task' });
      await queue.work(async () => outcomes[asked++] ?? 'done', { concurrency: 1 });
      await waitFor(() => asked === outcomes.length);
      await queue.enqueue('two', { taskId: 'other' });
      await waitFor(() => asked === outcomes.length + 1);
      expect(asked).toBe(outcomes.length + 1);
    });

    it('lets others through while one is busy (F29, I9)', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      await queue.enqueue('one', { taskId: 'busy' });
      await queue.enqueue('two', { taskId: 'free' });
      await queue.work(
        async ({ taskId }) => {
          seen.push(taskId);
          return taskId === 'busy' && !seen.includes('free') ? 'busy' : 'done';
        },
        { concurrency: 1 },
      );
      await waitFor(() => seen.filter((taskId) => taskId === 'busy').length === 2);
      expect(seen).toEqual(['busy', 'free', 'busy']);
    });

    it('tries again after a handler threw', async () => {
      const queue = await freshLane();
      let tries = 0;
      await queue.enqueue('one', { taskId: 'task' });
      await queue.work(
        async () => {
          tries += 1;
          if (tries < 4) throw new Error('not yet');
          return 'done';
        },
        { concurrency: 1 },
      );
      await waitFor(() => tries === 4);
      expect(tries).toBe(4);
    });

    it('never gives one wake to two workers, in two clients', async () => {
      const first = await freshLane();
      const second = await openQueue();
      const seen: string[] = [];
      const ids = Array.from({ length: 60 }, (_, index) => `task-${index}`);
      const slowly = async ({ taskId }: Wake): Promise<WakeOutcome> => {
        seen.push(taskId);
        await sleep(5);
        return 'done';
      };
      await first.work(slowly, { concurrency: 4 });
      await second.work(slowly, { concurrency: 4 });
      await Promise.all(ids.map((id) => first.enqueue(id, { taskId: id })));
      await waitFor(() => seen.length >= ids.length);
      await sleep(100);
      expect(seen.sort()).toEqual(ids.sort());
    });

    it('runs at most as many at once as it may', async () => {
      const queue = await freshLane();
      let running = 0;
      let most = 0;
      let done = 0;
      await queue.work(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await sleep(20);
          running -= 1;
          done += 1;
          return 'done';
        },
        { concurrency: 3 },
      );
      for (let index = 0; index < 12; index += 1) await queue.enqueue(`job-${index}`, { taskId: 'task' });
      await waitFor(() => done === 12);
      expect(most).toBe(3);
    });

    it('lets a running handler end when its worker stops, and takes nothing new', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      const worker = await queue.work(
        async ({ taskId }) => {
          seen.push(`${taskId} begins`);
          await held;
          seen.push(`${taskId} ends`);
          return 'done';
        },
        { concurrency: 1 },
      );
      await queue.enqueue('one', { taskId: 'first' });
      await waitFor(() => seen.length === 1);
      await queue.enqueue('two', { taskId: 'second' });
      const stopped = worker.stop();
      release();
      await stopped;
      expect(seen).toEqual(['first begins', 'first ends']);

      await queue.work(recordInto(seen), { concurrency: 1 });
      await waitFor(() => seen.length === 3);
      expect(seen[2]).toBe('second');
    });

    it('forgets what waits when it is cleared, and takes the same id again', async () => {
      const queue = await freshLane();
      const seen: string[] = [];
      await queue.enqueue('one', { taskId: 'before' });
      await queue.clear();
      await queue.enqueue('one', { taskId: 'after' });
      await queue.work(recordInto(seen), { concurrency: 1 });
      await waitFor(() => seen.length > 0);
      expect(seen).toEqual(['after']);
    });

    it('keeps lanes apart', async () => {
      const first = await freshLane();
      lane = `${LANES}:${randomUUID()}`;
      const second = await openQueue();
      const seen: string[] = [];
      await first.enqueue('one', { taskId: 'of the first' });
      await second.enqueue('one', { taskId: 'of the second' });
      await second.work(recordInto(seen), { concurrency: 2 });
      await waitFor(() => seen.length > 0);
      expect(seen).toEqual(['of the second']);
    });

    it('may be closed twice', async () => {
      const queue = await freshLane();
      await queue.work(async () => 'done', { concurrency: 1 });
      await queue.close();
      await expect(queue.close()).resolves.toBeUndefined();
      open.splice(0);
    });

    it.runIf(options.crossesProcesses)(
      'gives the wake of a killed process to another one, again and again',
      async () => {
        const queue = await freshLane();
        const seen: string[] = [];
        await queue.enqueue('one', { taskId: 'survivor' });
        for (let kill = 0; kill < 2; kill += 1) {
          const child = startHolder(makeQueue().holder?.(lane) ?? []);
          children.push(child);
          await outputOf(child, 'took survivor');
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
        await queue.work(recordInto(seen), { concurrency: 1 });
        await waitFor(() => seen.length > 0);
        expect(seen).toEqual(['survivor']);
      },
    );
  });
}

function recordInto(seen: string[]): (wake: Wake) => Promise<WakeOutcome> {
  return async ({ taskId }) => {
    seen.push(taskId);
    return 'done';
  };
}

function startHolder([program = '', ...args]: string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function outputOf(child: ChildProcess, wanted: string): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`The other process ended with ${child.exitCode} after: ${output}`);
    return output.includes(wanted);
  });
}

const MOST = 200;

interface Asked<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (reason: unknown) => void;
}

/**
 * Gathers what is asked while `run` is under way, and runs it together next: many commits at once become one. `run`
 * answers for each item in their order. When a batch fails each of it is tried alone, so that none fails for another.
 */
export function inBatches<In, Out>(run: (items: readonly In[]) => Promise<readonly Out[]>): (item: In) => Promise<Out> {
  const waiting: Asked<In, Out>[] = [];
  let isRunning = false;

  const runAll = async (batch: readonly Asked<In, Out>[]): Promise<void> => {
    try {
      const outs = await run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(outs[index] as Out);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await runAll([one]);
    }
  };
  const go = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) await runAll(waiting.splice(0, MOST));
    isRunning = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void go();
    });
}

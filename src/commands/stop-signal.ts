const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes a signal on that the whole group got already, so a second one at once says nothing new. */
const IMPATIENT_AFTER_MS = 3000;
const KILLED_BY_HAND = 130;

/**
 * Fires when somebody asks the process to stop. Listen before anything is started that has to be put away again. Who
 * asks once more a few seconds later does not want to wait, and is obeyed.
 */
export function listenForStop(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const ask = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort();
    } else if (performance.now() - firstAt > IMPATIENT_AFTER_MS) process.exit(KILLED_BY_HAND);
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  return controller.signal;
}

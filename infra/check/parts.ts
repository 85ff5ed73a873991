/** The parts of `npm run check`, quickest first. Each is an npm script and can be run alone. */
export const checkParts = ['types', 'lint', 'format:check', 'dead-code', 'migrations:check', 'test'] as const;

export interface PartResult {
  name: string;
  /** Of the script; `null` when a signal ended it. */
  exitCode: number | null;
  seconds: number;
}

/** Which parts to run. None named means all; `--except` leaves out those that follow it. Throws on an unknown name. */
export function chooseParts(args: readonly string[]): string[] {
  const except = args.indexOf('--except');
  const named = except === -1 ? args : args.slice(0, except);
  const left = except === -1 ? [] : args.slice(except + 1);
  const known: readonly string[] = checkParts;
  for (const name of [...named, ...left])
    if (!known.includes(name)) throw new Error(`There is no part "${name}". The parts are ${checkParts.join(', ')}.`);
  return known.filter((name) => (named.length === 0 || named.includes(name)) && !left.includes(name));
}

/** One line a part, for the end of the output. */
export function describeResult({ name, exitCode, seconds }: PartResult): string {
  const outcome = exitCode === 0 ? 'passed' : exitCode === null ? 'failed (interrupted)' : `failed (exit ${exitCode})`;
  return `${name.padEnd(18)}${outcome}, ${seconds.toFixed(1)} s`;
}

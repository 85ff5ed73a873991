import type { Clock } from '#src/ports/clock.ts';
import type { PackageVersion, ScanAnswer, Vulnerabilities } from '#src/ports/vulnerabilities.ts';

/** A task that waits for its checks is looked at every few minutes; what became known meanwhile still reaches its card. */
const MAX_AGE_MS = 60 * 60 * 1000;
const MAX_SCANS = 100;

/**
 * Asks about the same versions once an hour, as long as the process lives. What could not be scanned is asked again the
 * next time. The scan that was used longest ago makes way.
 */
export function rememberScans(vulnerabilities: Vulnerabilities, clock: Clock): Vulnerabilities {
  const scans = new Map<string, { answer: ScanAnswer; askedAtMs: number }>();
  return {
    async scan(packages, signal) {
      const nowMs = clock.now().getTime();
      const key = keyOf(packages);
      const known = scans.get(key);
      scans.delete(key);
      if (known !== undefined && nowMs - known.askedAtMs < MAX_AGE_MS) {
        scans.set(key, known);
        return known.answer;
      }
      const answer = await vulnerabilities.scan(packages, signal);
      if (answer.outcome === 'scanned') scans.set(key, { answer, askedAtMs: nowMs });
      const [oldest] = scans.keys();
      if (scans.size > MAX_SCANS && oldest !== undefined) scans.delete(oldest);
      return answer;
    },
  };
}

function keyOf(packages: readonly PackageVersion[]): string {
  return JSON.stringify(packages.map(({ ecosystem, name, version }) => [ecosystem, name, version]));
}

/** GitHub's time. It runs with the machine's and can be moved on, so that no test waits for an expiry. */
export interface GitHubClock {
  nowMs(): number;
  advance(byMs: number): void;
}

export function createGitHubClock(readMs: () => number): GitHubClock {
  let offsetMs = 0;
  return { nowMs: () => readMs() + offsetMs, advance: (byMs) => void (offsetMs += byMs) };
}

/** As GitHub writes times: whole seconds, in UTC. */
export function isoSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoSeconds(atMs);
}

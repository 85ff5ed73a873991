import { createExpiringCache } from '#bots/expiring-cache.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Issues } from '#src/ports/issues.ts';

/** How long words of somebody whose rights were taken away may still be heard. */
const RIGHTS_AGE_MS = 60_000;
const MAX_PEOPLE = 5_000;

/** Whether somebody may write to a repository. Rejects where GitHub does not say: then nobody is heard. */
export type MayWrite = (path: string, login: string) => Promise<boolean>;

export function createMayWrite({ issues, clock }: { issues: Pick<Issues, 'mayWrite'>; clock: Clock }): MayWrite {
  const rights = createExpiringCache<boolean>({ clock, limit: MAX_PEOPLE, maxAgeMs: RIGHTS_AGE_MS });
  return (path, login) => rights.get(`${path} ${login}`, () => issues.mayWrite(path, login));
}

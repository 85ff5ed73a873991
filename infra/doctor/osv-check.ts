import { createOsv } from '#infra/osv/osv.ts';
import type { CheckView } from '#src/desk/desk.ts';

/** A version that never changes, of a package that everybody knows. */
const KNOWN = { ecosystem: 'npm', name: 'left-pad', version: '1.3.0' } as const;
const TIMEOUT_MS = 10_000;

/** Whether new dependencies can be asked about. `baseUrl`: ends with a slash; null: nobody is asked. */
export async function osvCheck(baseUrl: string | null): Promise<CheckView> {
  const name = 'osv';
  if (baseUrl === null) {
    const detail = 'No OSV_URL is set: new dependencies are not scanned, and the review card says so.';
    return { name, state: 'ok', detail, fix: null };
  }
  const { host } = new URL(baseUrl);
  const answer = await createOsv({ baseUrl, timeoutMs: TIMEOUT_MS }).scan([KNOWN], AbortSignal.timeout(TIMEOUT_MS));
  if (answer.outcome === 'scanned')
    return { name, state: 'ok', detail: `${host} answers about dependencies.`, fix: null };
  const detail = `${host} cannot be asked about dependencies: ${answer.reason}.`;
  return { name, state: 'warning', detail, fix: 'Check OSV_URL and the network; cards say "not scanned" until then.' };
}

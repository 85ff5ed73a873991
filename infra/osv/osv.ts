import * as z from 'zod';
import type { Log } from '#src/ports/log.ts';
import type { PackageVersion, ScanAnswer, Severity, Vulnerabilities } from '#src/ports/vulnerabilities.ts';
import { boundedFetch } from '../model/bounded-fetch.ts';
import { severityOfVector } from './cvss.ts';

export interface OsvOptions {
  /** Ends with a slash, as `https://api.osv.dev/`. */
  baseUrl: string;
  /** For all that one scan asks, together. */
  timeoutMs?: number;
  log?: Log;
}

const TIMEOUT_MS = 20_000;
/** OSV API, "Query a batch": at most 1,000 queries a request. */
const BATCH = 1000;
const MAX_PACKAGES = 5000;
/** More pages than this about one batch are not asked for. */
const MAX_PAGES = 5;
/** Vulnerabilities whose severity is looked up; the others are named without. */
const MAX_DETAILS = 60;
const DETAILS_AT_ONCE = 6;

const BatchAnswer = z.object({
  results: z.array(
    z.object({
      vulns: z.array(z.object({ id: z.string().regex(/^[A-Za-z0-9._:-]{1,100}$/) })).optional(),
      next_page_token: z.string().optional(),
    }),
  ),
});

const Detail = z.object({
  severity: z.array(z.object({ type: z.string(), score: z.string() })).optional(),
  database_specific: z.looseObject({ severity: z.string().optional() }).optional(),
});

/** Why a scan came to nothing, as a clause for people. */
class NotScanned extends Error {}

/** Asks OSV, or a server that speaks as it does. Only names and versions of packages leave the machine. */
export function createOsv({ baseUrl, timeoutMs = TIMEOUT_MS, log }: OsvOptions): Vulnerabilities {
  return {
    async scan(packages, signal): Promise<ScanAnswer> {
      if (packages.length === 0) return { outcome: 'scanned', found: [] };
      if (packages.length > MAX_PACKAGES)
        return {
          outcome: 'not-scanned',
          reason: `there are ${packages.length}, more than the ${MAX_PACKAGES} that are asked about`,
        };
      const ask = asker(baseUrl, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      try {
        const ids: string[][] = [];
        for (let at = 0; at < packages.length; at += BATCH)
          ids.push(...(await askBatch(ask, packages.slice(at, at + BATCH))));
        const severities = await askSeverities(ask, [...new Set(ids.flat())]);
        return {
          outcome: 'scanned',
          found: packages.flatMap((scanned, at) => {
            const known = [...new Set(ids[at])].map((id) => ({ id, severity: severities.get(id) ?? null }));
            return known.length === 0 ? [] : [{ package: scanned, vulnerabilities: known }];
          }),
        };
      } catch (error) {
        const reason = error instanceof NotScanned ? error.message : 'OSV did not answer';
        log?.warn({ reason, err: error }, 'dependencies were not scanned');
        return { outcome: 'not-scanned', reason };
      }
    },
  };
}

type Ask = (path: string, body?: unknown) => Promise<unknown>;

function asker(baseUrl: string, signal: AbortSignal): Ask {
  return async (path, body) => {
    const response = await boundedFetch(new URL(path, baseUrl), {
      signal,
      redirect: 'error',
      ...(body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new NotScanned(`OSV answered with the status ${response.status}`);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new NotScanned('what OSV answered could not be read');
    }
  };
}

/** Ids of what is known of each package, in their order. */
async function askBatch(ask: Ask, packages: readonly PackageVersion[]): Promise<string[][]> {
  const ids = packages.map((): string[] => []);
  let open = packages.map(({ ecosystem, name, version }, at) => ({
    at,
    query: { package: { ecosystem, name }, version },
    token: null as string | null,
  }));
  for (let page = 0; open.length > 0; page += 1) {
    if (page === MAX_PAGES) throw new NotScanned('OSV did not come to an end');
    const queries = open.map(({ query, token }) => (token === null ? query : { ...query, page_token: token }));
    const answer = BatchAnswer.safeParse(await ask('v1/querybatch', { queries }));
    if (!answer.success || answer.data.results.length !== queries.length)
      throw new NotScanned('what OSV answered could not be read');
    const { results } = answer.data;
    open.forEach(({ at }, index) => ids[at]?.push(...(results[index]?.vulns ?? []).map(({ id }) => id)));
    open = open.flatMap((asked, index) => {
      const token = results[index]?.next_page_token ?? '';
      return token === '' ? [] : [{ ...asked, token }];
    });
  }
  return ids;
}

/** What cannot be looked up has no severity; that a vulnerability is known does not depend on it. */
async function askSeverities(ask: Ask, ids: readonly string[]): Promise<Map<string, Severity>> {
  const severities = new Map<string, Severity>();
  const asked = ids.slice(0, MAX_DETAILS);
  for (let at = 0; at < asked.length; at += DETAILS_AT_ONCE) {
    await Promise.all(
      asked.slice(at, at + DETAILS_AT_ONCE).map(async (id) => {
        const severity = await severityOf(ask, id).catch(() => null);
        if (severity !== null) severities.set(id, severity);
      }),
    );
  }
  return severities;
}

const WORDS: Readonly<Record<string, Severity>> = {
  LOW: 'low',
  MODERATE: 'moderate',
  MEDIUM: 'moderate',
  HIGH: 'high',
  CRITICAL: 'critical',
};

async function severityOf(ask: Ask, id: string): Promise<Severity | null> {
  // The database of malicious packages: these are no mistakes, and carry no score.
  if (id.startsWith('MAL-')) return 'critical';
  const detail = Detail.parse(await ask(`v1/vulns/${encodeURIComponent(id)}`));
  const said = WORDS[detail.database_specific?.severity?.toUpperCase() ?? ''];
  if (said !== undefined) return said;
  const vector = detail.severity?.find(({ type }) => type === 'CVSS_V3');
  return vector === undefined ? null : severityOfVector(vector.score);
}

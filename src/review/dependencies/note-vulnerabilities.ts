import type { PackageVersion, ScanAnswer, Vulnerability } from '#src/ports/vulnerabilities.ts';
import { listed, quote } from '../quote.ts';
import type { PlacedDependency } from './compare-manifests.ts';

const MAX_NAMED = 6;
const MAX_NOTES = 8;
const RANK = { critical: 4, high: 3, moderate: 2, low: 1 } as const;

/** What is known of new packages, worst first; and aloud, what was not asked about. No new package: no note. */
export function noteVulnerabilities(
  asked: readonly PackageVersion[],
  unpinned: readonly PlacedDependency[],
  answer: ScanAnswer,
): string[] {
  if (asked.length === 0 && unpinned.length === 0) return [];
  if (answer.outcome === 'not-scanned')
    return [`New and changed dependencies were not scanned for known vulnerabilities: ${answer.reason}.`];
  const found = answer.found.toSorted((a, b) => worst(b.vulnerabilities) - worst(a.vulnerabilities));
  const left = found.length - MAX_NOTES;
  return [
    ...found.slice(0, MAX_NOTES).map(
      ({ package: { name, version }, vulnerabilities }) =>
        `${quote(`${name} ${version}`)} has known vulnerabilities: ${listed(
          vulnerabilities
            .toSorted((a, b) => rankOf(b) - rankOf(a))
            .map(({ id, severity }) => `${id} (${severity ?? 'severity not said'})`),
          MAX_NAMED,
        )}.`,
    ),
    ...(left > 0 ? [`${left} more new packages have known vulnerabilities.`] : []),
    ...(found.length === 0 && asked.length > 0
      ? [
          `No vulnerability is known of the ${asked.length === 1 ? 'new package' : `${asked.length} new packages`} that were asked about.`,
        ]
      : []),
    ...(unpinned.length === 0
      ? []
      : [
          `Not scanned for known vulnerabilities, because no exact version is known: ${listed(
            unpinned.map(({ name }) => quote(name)),
            MAX_NAMED,
          )}.`,
        ]),
  ];
}

function worst(vulnerabilities: readonly Vulnerability[]): number {
  return Math.max(0, ...vulnerabilities.map(rankOf));
}

function rankOf({ severity }: Vulnerability): number {
  return severity === null ? 0 : RANK[severity];
}

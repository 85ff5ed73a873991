import type { ScanAnswer } from '#src/ports/vulnerabilities.ts';
import type { DiffFacts, RepositoryRef } from '#src/ports/workspace.ts';
import { decodeText } from '#src/review/decode-text.ts';
import { compareLocks } from '#src/review/dependencies/compare-locks.ts';
import type { LockChanges } from '#src/review/dependencies/compare-locks.ts';
import { compareManifests } from '#src/review/dependencies/compare-manifests.ts';
import type { FileTexts, ManifestChanges } from '#src/review/dependencies/compare-manifests.ts';
import { saysDependencies } from '#src/review/dependencies/dependency-files.ts';
import { noteDependencies } from '#src/review/dependencies/note-dependencies.ts';
import { noteVulnerabilities } from '#src/review/dependencies/note-vulnerabilities.ts';
import { versionsToScan } from '#src/review/dependencies/versions-to-scan.ts';
import { listed } from '#src/review/quote.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** The largest lock files that are met have some 5 MB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** More manifests than a change by hand touches; each is two calls of git. */
const MAX_FILES = 40;
const MAX_NAMED = 6;
const NO_SCANNER: ScanAnswer = { outcome: 'not-scanned', reason: 'OSV_URL is not set' };

/** What a change does to what is depended on, read from the commits themselves. */
export interface DependencyReview {
  manifests: ManifestChanges;
  locks: LockChanges[];
  scan: ScanAnswer;
  notes: string[];
}

/** `target`: the commit that would land, which is the merge result where the base moved. */
export async function reviewDependencies(
  tools: Pick<StepTools, 'workspace' | 'settings' | 'vulnerabilities'>,
  repo: RepositoryRef,
  { facts, target }: { facts: DiffFacts; target: string },
  signal: AbortSignal,
): Promise<DependencyReview> {
  const { texts, unread } = await readBoth(tools, repo, facts, target);
  const manifests = compareManifests(texts);
  const locks = compareLocks(texts, tools.settings.registryHosts ?? []);
  const { packages, unpinned } = versionsToScan(manifests, locks);
  const { vulnerabilities } = tools;
  const scan = vulnerabilities === null ? NO_SCANNER : await vulnerabilities.scan(packages, signal);
  const notes = [
    ...noteDependencies(manifests, locks),
    ...(unread.length === 0
      ? []
      : [
          `Not searched for dependencies, for their number, their size or what they are: ${listed(unread, MAX_NAMED)}.`,
        ]),
    ...noteVulnerabilities(packages, unpinned, scan),
  ];
  return { manifests, locks, scan, notes };
}

async function readBoth(
  { workspace }: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  facts: DiffFacts,
  target: string,
): Promise<{ texts: FileTexts[]; unread: string[] }> {
  // The topmost first, so that no crowd of files in folders can keep the project's own from being read.
  const files = facts.files.filter(({ path }) => saysDependencies(path)).toSorted((a, b) => depthOf(a) - depthOf(b));
  const texts: FileTexts[] = [];
  const unread: string[] = [];
  const read = async (sha: string, path: string) => {
    const bytes = await workspace.readFile(repo, sha, path, MAX_FILE_BYTES);
    return bytes === null ? null : decodeText(bytes);
  };
  for (const { path, status } of files.slice(0, MAX_FILES)) {
    try {
      const before = status === 'added' ? null : await read(facts.mergeBaseSha, path);
      const after = status === 'deleted' ? null : await read(target, path);
      texts.push({ path, before, after });
    } catch {
      unread.push(path);
    }
  }
  return { texts, unread: [...unread, ...files.slice(MAX_FILES).map(({ path }) => path)] };
}

function depthOf({ path }: { path: string }): number {
  return path.split('/').length;
}

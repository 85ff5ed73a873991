import type { DiffFacts } from '#src/ports/workspace.ts';
import type { ScanAnswer } from '#src/ports/vulnerabilities.ts';
import type { LockChanges } from './dependencies/compare-locks.ts';
import type { ManifestChanges } from './dependencies/compare-manifests.ts';
import { isLockFile } from './dependencies/dependency-files.ts';
import { kindOfPath } from './path-kinds.ts';
import type { PathKind } from './path-kinds.ts';
import { findPowers } from './powers.ts';
import { listed } from './quote.ts';

export type RiskLevel = 'low' | 'medium' | 'high';

export interface Risk {
  level: RiskLevel;
  /** Short clauses, the gravest first; for a low risk none. */
  reasons: string[];
}

/** Facts of a change that its risk is made of. Nothing here is what somebody says of it. */
export interface RiskFacts {
  diff: Pick<DiffFacts, 'files'>;
  dependencies: { manifests: ManifestChanges; locks: readonly LockChanges[]; scan: ScanAnswer };
  /** How many notes there are on each. */
  notes: {
    /** What was pushed that the factory would not take. */
    pushed: number;
    /** What decides how the change is checked. */
    judges: number;
    /** Tests deleted, set aside, or that ask for less. */
    weakerTests: number;
    licences: number;
  };
  /** False: no check ran at all. */
  wasChecked: boolean;
}

/** Lines and files over which a person no longer reads each line with the same care. */
const LARGE = { lines: 400, files: 15 };
const HUGE = { lines: 1500, files: 60 };
const MAX_NAMED = 3;

/** How much a person should doubt a change before they approve it. */
export function judgeRisk(facts: RiskFacts): Risk {
  const high = gravest(facts);
  const medium = middling(facts);
  const level = high.length > 0 ? 'high' : medium.length > 0 ? 'medium' : 'low';
  return { level, reasons: [...high, ...medium] };
}

export function riskSentence({ level, reasons }: Risk): string {
  return reasons.length === 0 ? `Risk: ${level}.` : `Risk: ${level}. This change ${joined(reasons)}.`;
}

function joined(words: readonly string[]): string {
  const [last = ''] = words.slice(-1);
  return words.length <= 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function gravest({ diff, dependencies, notes }: RiskFacts): string[] {
  const { manifests, locks, scan } = dependencies;
  const powers = [
    ...new Set(
      findPowers(diff)
        .filter(({ high }) => high)
        .map(({ what }) => what),
    ),
  ];
  const elsewhere = [
    ...manifests.added,
    ...manifests.respecified.map(({ after }) => after),
    ...manifests.moved.map(({ after }) => after),
  ].filter(({ from }) => from !== null);
  const suspicious = locks.some(
    ({ places, rehashed, disguised }) => places.length + rehashed.length + disguised.length > 0,
  );
  const scripts = manifests.settings.filter(({ key, after }) => key.startsWith('scripts.') && after !== null);
  const known = scan.outcome === 'scanned' ? scan.found.flatMap(({ vulnerabilities }) => vulnerabilities) : [];
  return [
    ...(powers.length === 0 ? [] : [`touches ${listed(powers, MAX_NAMED)}`]),
    ...(notes.pushed > 0 ? ['holds what the factory itself would not take'] : []),
    ...(notes.judges > 0 ? ['changes what it is checked by'] : []),
    ...(notes.weakerTests > 0 ? ['weakens tests'] : []),
    ...(suspicious ? ['fetches or pins packages in an unusual way'] : []),
    ...(elsewhere.length > 0
      ? [`takes ${countOf(elsewhere.length, 'dependency', 'dependencies')} from outside of the registry`]
      : []),
    ...(scripts.length > 0 ? ['brings a script that runs on an install'] : []),
    ...(known.some(({ severity }) => severity === 'high' || severity === 'critical')
      ? ['brings a package that is known to be vulnerable']
      : []),
    ...(has(diff, 'access') ? ['touches sign-in, rights or money'] : []),
    ...(has(diff, 'database') ? ['changes a database'] : []),
    ...(diff.files.some(({ modeAfter }) => modeAfter === '120000' || modeAfter === '160000')
      ? ['holds a link or a submodule']
      : []),
    ...(isOver(diff, HUGE) ? [`is huge (${sizeOf(diff)})`] : []),
  ];
}

function middling({ diff, dependencies, notes, wasChecked }: RiskFacts): string[] {
  const { manifests, locks, scan } = dependencies;
  const fresh = manifests.added.length;
  const other = manifests.respecified.length + locks.reduce((sum, { added }) => sum + added.length, 0);
  const mild = scan.outcome === 'scanned' && scan.found.length > 0;
  const programs = diff.files.filter(({ modeBefore, modeAfter }) => modeAfter === '100755' && modeBefore !== '100755');
  return [
    ...(wasChecked ? [] : ['was checked by nothing']),
    ...(fresh > 0 ? [`brings ${countOf(fresh, 'new dependency', 'new dependencies')}`] : []),
    ...(fresh === 0 && other > 0 ? ['brings other versions of dependencies'] : []),
    ...(fresh + other === 0 && (has(diff, 'dependencies') || manifests.broken.length > 0)
      ? ['touches files that name dependencies']
      : []),
    ...(mild ? ['brings a package with a known weakness'] : []),
    ...(findPowers(diff).some(({ high }) => !high) ? ['touches what is built or run by command'] : []),
    ...(notes.licences > 0 ? ['touches licences'] : []),
    ...(programs.length > 0 ? ['holds new programs'] : []),
    ...(diff.files.some(({ binary }) => binary) ? ['holds what the diff cannot show'] : []),
    ...(has(diff, 'unknown') ? ['holds files of an unknown kind'] : []),
    ...(isOver(diff, LARGE) && !isOver(diff, HUGE) ? [`is large (${sizeOf(diff)})`] : []),
  ];
}

function has({ files }: Pick<DiffFacts, 'files'>, kind: PathKind): boolean {
  return files.some(({ path }) => kindOfPath(path) === kind);
}

/** Without lock files, whose lines nobody writes. */
function linesOf({ files }: Pick<DiffFacts, 'files'>): number {
  return files.filter(({ path }) => !isLockFile(path)).reduce((sum, { added, removed }) => sum + added + removed, 0);
}

function isOver(diff: Pick<DiffFacts, 'files'>, limit: typeof LARGE): boolean {
  return linesOf(diff) > limit.lines || diff.files.length > limit.files;
}

function sizeOf(diff: Pick<DiffFacts, 'files'>): string {
  return `${linesOf(diff)} lines in ${countOf(diff.files.length, 'file', 'files')}`;
}

function countOf(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}

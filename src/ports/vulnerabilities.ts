/** Registries of packages, by the names that OSV gives them (OSV schema, "Defined Ecosystems"). */
export type Ecosystem = 'npm' | 'PyPI' | 'Go' | 'crates.io' | 'RubyGems';

/** One package at one exact version. */
export interface PackageVersion {
  ecosystem: Ecosystem;
  name: string;
  version: string;
}

export interface Vulnerability {
  /** As its database names it: `GHSA-…`, `PYSEC-…`, `GO-…`. */
  id: string;
  /** null: the database does not say. */
  severity: Severity | null;
}

export type Severity = 'low' | 'moderate' | 'high' | 'critical';

export type ScanAnswer =
  | { outcome: 'scanned'; found: { package: PackageVersion; vulnerabilities: Vulnerability[] }[] }
  /** `reason` is a short clause for people, such as "OSV did not answer". */
  | { outcome: 'not-scanned'; reason: string };

/** Who knows which versions of packages are known to be vulnerable. */
export interface Vulnerabilities {
  /**
   * Answers only what is known of exactly these versions; packages without a finding are left out of `found`. Never
   * rejects: whatever goes wrong is `not-scanned`, never "nothing found".
   */
  scan(packages: readonly PackageVersion[], signal: AbortSignal): Promise<ScanAnswer>;
}

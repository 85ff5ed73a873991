import type { Severity } from '#src/ports/vulnerabilities.ts';

/** CVSS v3.1 specification, section 7.4, "Metric Values". */
const IMPACT: Readonly<Record<string, number>> = { H: 0.56, L: 0.22, N: 0 };
const VECTOR: Readonly<Record<string, number>> = { N: 0.85, A: 0.62, L: 0.55, P: 0.2 };
const COMPLEXITY: Readonly<Record<string, number>> = { L: 0.77, H: 0.44 };
const PRIVILEGES: Readonly<Record<string, number>> = { N: 0.85, L: 0.62, H: 0.27 };
const PRIVILEGES_CHANGED: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };
const INTERACTION: Readonly<Record<string, number>> = { N: 0.85, R: 0.62 };

/** How bad a vector of CVSS v3 says it is, by its base score; null for what is none or is of no severity. */
export function severityOfVector(vector: string): Severity | null {
  if (!/^CVSS:3\.[01]\//.test(vector)) return null;
  const metrics = new Map(
    vector
      .split('/')
      .map((part): [string, string] => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]),
  );
  const weigh = (name: string, weights: Readonly<Record<string, number>>) =>
    weights[metrics.get(name) ?? ''] ?? Number.NaN;
  const isChanged = metrics.get('S') === 'C';
  const base = 1 - (1 - weigh('C', IMPACT)) * (1 - weigh('I', IMPACT)) * (1 - weigh('A', IMPACT));
  const impact = isChanged ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  const exploitability =
    8.22 *
    weigh('AV', VECTOR) *
    weigh('AC', COMPLEXITY) *
    weigh('PR', isChanged ? PRIVILEGES_CHANGED : PRIVILEGES) *
    weigh('UI', INTERACTION);
  if (Number.isNaN(impact + exploitability) || impact <= 0) return null;
  const score = roundUp(Math.min(10, (isChanged ? 1.08 : 1) * (impact + exploitability)));
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'moderate' : 'low';
}

/** Appendix A of the specification: to one digit, upwards, and not led astray by how machines keep fractions. */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

import { isIP } from 'node:net';
import { FactoryError } from '#src/errors.ts';

/** Where a sandboxed command may connect. */
export interface EgressTarget {
  /** Lower case, no trailing dot, no brackets. */
  host: string;
  port: number;
}

export interface EgressRule {
  /** Exact name or address; for a wildcard, what follows `*`. */
  host: string;
  wildcard: boolean;
  /** Null: 80 and 443 only. */
  port: number | null;
}

const WEB_PORTS: readonly number[] = [80, 443];

/**
 * Reads an allowlist: `registry.example.org` (ports 80 and 443), `*.example.org` (names below it, not itself),
 * `host:8443` (exactly that port; the only way to reach a private address). Throws `egress-domain-invalid`.
 */
export function parseEgressRules(domains: readonly string[]): EgressRule[] {
  return domains.map((domain) => {
    const match = /^(\*\.)?(\[[0-9a-fA-F:.]+\]|[^:/@\s*[\]]+)(?::(\d{1,5}))?$/.exec(domain.trim());
    const target = match?.[2] === undefined ? null : readTarget(match[2], Number(match[3] ?? 443));
    if (match === null || target === null || (match[1] !== undefined && isIP(target.host) !== 0)) {
      throw new FactoryError(
        'egress-domain-invalid',
        `${JSON.stringify(domain)} is not a domain that can be allowed.`,
        {
          fix: 'Write a host name such as "host.example.org", "*.example.org" or "host.example.org:8443".',
        },
      );
    }
    const wildcard = match[1] !== undefined;
    return {
      host: wildcard ? `.${target.host}` : target.host,
      wildcard,
      port: match[3] === undefined ? null : target.port,
    };
  });
}

/** The rule that allows `target`, or null. A rule with a port is preferred: it allows more. */
export function allowingRule(rules: readonly EgressRule[], target: EgressTarget): EgressRule | null {
  const fits = rules.filter((rule) => {
    const hostFits = rule.wildcard
      ? target.host.endsWith(rule.host) && isIP(target.host) === 0
      : target.host === rule.host;
    return hostFits && (rule.port === null ? WEB_PORTS.includes(target.port) : target.port === rule.port);
  });
  return fits.find((rule) => rule.port !== null) ?? fits[0] ?? null;
}

/**
 * Normalises a host as browsers do (so that `0x7f.1`, `2130706433` and full-width letters become what they mean);
 * null for anything that is not just a host.
 */
export function readTarget(host: string, port: number): EgressTarget | null {
  if (!Number.isInteger(port) || port < 1 || port > 65535 || /[/@?#\\\s%]/.test(host)) return null;
  try {
    const name = new URL(`http://${host}/`).hostname.replace(/\.$/, '').replace(/^\[|\]$/g, '');
    return name === '' ? null : { host: name, port };
  } catch {
    return null;
  }
}

/** Reads the authority of a CONNECT request, `host:port`. */
export function readAuthority(authority: string): EgressTarget | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(authority);
  return match?.[1] === undefined ? null : readTarget(match[1], Number(match[2]));
}

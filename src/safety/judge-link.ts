export type JudgedLink = { kept: true } | { kept: false; host: string | null };

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const MAX_HOST_CHARACTERS = 60;
const BASE = 'https://relative.invalid';

/**
 * Judges where a link leads, as a browser would read it (WHATWG URL). Kept are web links to an allowed host that carry
 * no login, and, with `relative`, those within the page's own host.
 */
export function judgeLink(
  address: string,
  allowedHosts: readonly string[],
  { relative = false }: { relative?: boolean } = {},
): JudgedLink {
  const trimmed = address.trim();
  const hasScheme = SCHEME.test(trimmed);
  if (!hasScheme && !relative) return { kept: false, host: null };
  let url: URL;
  try {
    url = hasScheme ? new URL(trimmed) : new URL(trimmed, BASE);
  } catch {
    return { kept: false, host: null };
  }
  if (!hasScheme && url.origin === BASE) return { kept: true };
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const isAllowed = allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname);
  if (hasScheme && isWeb && isAllowed && url.username === '' && url.password === '') return { kept: true };
  return { kept: false, host: shownHost(url.hostname) };
}

/** The part of a host that names its owner: what stands before it can carry data. Punycode stays as it is. */
function shownHost(hostname: string): string | null {
  if (hostname === '') return null;
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  const host = isAddress ? hostname.replaceAll(/[[\]]/g, '') : hostname.split('.').filter(Boolean).slice(-2).join('.');
  return host.slice(0, MAX_HOST_CHARACTERS);
}

/** What stands where an address stood. */
export function linkWords(host: string | null): string {
  return host === null ? '(link removed)' : `${host} (link removed)`;
}

/** What stands where a link with words of its own stood. */
export function namedLinkWords(words: string, host: string | null): string {
  const text = words.trim();
  if (text === '') return linkWords(host);
  // An address as its own words is judged where it stands.
  if (/^(?:https?:\/\/|www\.)\S+$/i.test(text)) return text;
  return host === null ? `${text} (link removed)` : `${text} (${host}, link removed)`;
}

export function imageWords(words: string, host: string | null): string {
  const alt = words.trim() === '' ? '' : `${words.trim()} `;
  return host === null ? `${alt}(image removed)` : `${alt}(image from ${host} removed)`;
}

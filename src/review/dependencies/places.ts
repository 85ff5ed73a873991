/** Where the registries themselves hand out packages. */
const REGISTRY_HOSTS: ReadonlySet<string> = new Set([
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'npm.jsr.io',
  'pypi.org',
  'files.pythonhosted.org',
  'proxy.golang.org',
  'sum.golang.org',
  'crates.io',
  'index.crates.io',
  'static.crates.io',
  'rubygems.org',
]);
/** The index of crates.io, which Cargo writes as its name and fetches from elsewhere. */
const CRATES_INDEX = /^registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index$/;
/** Anybody can put a package there, so that it was used before says nothing. */
const OPEN_HOSTS =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|codeberg\.org|sr\.ht|pkg\.pr\.new|unpkg\.com|jsdelivr\.net|amazonaws\.com|googleapis\.com)$/;
/** Addresses to give money to or to read on, which nothing is fetched from: of npm, and of pnpm. */
const WORDS =
  /"(?:funding|deprecated)"\s*:\s*(?:\{[^{}]{0,2000}\}|\[[^\]]{0,2000}\]|"(?:[^"\\]|\\.){0,2000}")|^ {4}deprecated: .*$/gm;
const ADDRESS = /(?:\b[a-z][a-z0-9+.-]{0,20}:\/\/|\bgit@)[^\s"'<>{},)\]]+/gi;

/**
 * Places that a lock file newly fetches from, other than the registries and `known` hosts (`host` or `host:port`):
 * `host` and one address each. A host that the file named before is known, unless anybody can publish there.
 */
export function findNewPlaces(
  before: string | null,
  after: string,
  known: readonly string[] = [],
): { host: string; address: string }[] {
  const old = new Set(addressesIn(before ?? ''));
  const trusted = new Set([...old].map(hostOf).filter((host) => !OPEN_HOSTS.test(host)));
  const found = new Map<string, string>();
  for (const address of new Set(addressesIn(after))) {
    if (old.has(address) || CRATES_INDEX.test(address)) continue;
    const host = hostOf(address);
    const isEncrypted = /^(?:[a-z]+\+)?(?:https|ssh):/i.test(address) || address.startsWith('git@');
    const isKnown = REGISTRY_HOSTS.has(host) || trusted.has(host) || known.some((name) => name === host);
    if (isKnown && (isEncrypted || !REGISTRY_HOSTS.has(host))) continue;
    if (!found.has(host)) found.set(host, address);
  }
  return [...found].map(([host, address]) => ({ host, address }));
}

function addressesIn(text: string): string[] {
  return unescaped(text.replaceAll(WORDS, '')).match(ADDRESS) ?? [];
}

/** JSON and YAML can spell any letter by its number. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_whole, four: string | undefined, two: string | undefined) =>
      String.fromCharCode(Number.parseInt(four ?? two ?? '', 16)),
    )
    .replaceAll('\\/', '/');
}

/** With its port where one is written; what stands before an `@` is no host. */
function hostOf(address: string): string {
  const [, host = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#@]*)/i.exec(address) ?? [];
  const name = host.toLowerCase();
  // `git@host:path` has a path behind the colon, not a port.
  return /:\d+$/.test(name) ? name.replace(/:443$/, '') : (name.split(':')[0] ?? name);
}

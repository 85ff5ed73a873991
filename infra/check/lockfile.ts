export interface LockedPackage {
  version: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

interface Missing {
  name: string;
  version: string;
  dev: boolean;
}

/**
 * Optional packages that a locked package names and that have no entry of their own. npm leaves them out when the
 * registry at hand does not offer them, and `npm ci` then refuses the whole lockfile.
 */
export function findMissing({ packages }: Lockfile): Missing[] {
  return Object.entries(packages).flatMap(([location, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !placesOf(name, location).some((place) => place in packages))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

/** Where Node would look for `name` from `location`, innermost first. */
function placesOf(name: string, location: string): string[] {
  const places = [`${location === '' ? '' : `${location}/`}node_modules/${name}`];
  for (let end = location.lastIndexOf('node_modules/'); end > 0; end = location.lastIndexOf('node_modules/', end - 1))
    places.push(`${location.slice(0, end)}node_modules/${name}`);
  places.push(`node_modules/${name}`);
  return places;
}

/** The entry of a platform package, read from its name: `…-linux-x64-musl`, `…/darwin-arm64`. */
export function entryFor({ name, version, dev }: Missing): LockedPackage {
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const os = words.find((word) => ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].includes(word));
  const cpu = words.find((word) => ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'].includes(word));
  if (os === undefined || cpu === undefined || !/^\d/.test(version))
    throw new Error(`${name}@${version} is not a platform package with an exact version: install it where it exists.`);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : os === 'linux' ? ['glibc'] : undefined;
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os: [os] };
}

/** The same lockfile with every entry that it lacks, sorted as npm sorts it. */
export function complete<T extends Lockfile>(lockfile: T): T {
  const added = findMissing(lockfile).map((missing) => [`node_modules/${missing.name}`, entryFor(missing)] as const);
  const packages = Object.entries({ ...lockfile.packages, ...Object.fromEntries(added) });
  packages.sort(([one], [two]) => one.localeCompare(two, 'en'));
  return { ...lockfile, packages: Object.fromEntries(packages) };
}

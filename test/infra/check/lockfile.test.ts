import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { complete, entryFor, findMissing, type Lockfile } from '#infra/check/lockfile.ts';

const own = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as Lockfile;

describe('package-lock.json', () => {
  it('has an entry for every platform, without which npm ci refuses it (npm run lock:complete)', () => {
    expect(findMissing(own)).toEqual([]);
  });

  it('names no registry, so that it installs wherever npm is set up', () => {
    expect(Object.values(own.packages).filter((entry) => 'resolved' in entry)).toEqual([]);
  });
});

describe('completing a lockfile', () => {
  const lockfile: Lockfile = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64': '2.0.0',
          '@tool/linux-x64-musl': '2.0.0',
          '@tool/darwin-arm64': '2.0.0',
        },
      },
      'node_modules/@tool/linux-x64': { version: '2.0.0', optional: true },
    },
  };

  it('finds what is named and not there', () => {
    expect(findMissing(lockfile).map(({ name }) => name)).toEqual(['@tool/linux-x64-musl', '@tool/darwin-arm64']);
  });

  it('accepts a package that lies beside the one that names it, or further out', () => {
    const nested: Lockfile = {
      packages: {
        'node_modules/a/node_modules/b': {
          version: '1.0.0',
          optionalDependencies: { c: '1.0.0', d: '1.0.0', e: '1.0.0' },
        },
        'node_modules/a/node_modules/b/node_modules/c': { version: '1.0.0' },
        'node_modules/a/node_modules/d': { version: '1.0.0' },
        'node_modules/e': { version: '1.0.0' },
      },
    };
    expect(findMissing(nested)).toEqual([]);
  });

  it('adds the entries, each for its platform, and leaves the others as they are', () => {
    const { packages } = complete(lockfile);
    expect(packages).toMatchObject(lockfile.packages);
    expect(packages['node_modules/@tool/linux-x64-musl']).toEqual({
      version: '2.0.0',
      dev: true,
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    });
    expect(packages['node_modules/@tool/darwin-arm64']).toMatchObject({ os: ['darwin'], cpu: ['arm64'] });
  });

  it('refuses to guess an entry for a package that is for every platform, or has no exact version', () => {
    expect(() => entryFor({ name: 'fsevents', version: '2.0.0', dev: false })).toThrow('not a platform package');
    expect(() => entryFor({ name: '@tool/linux-x64', version: '^2.0.0', dev: false })).toThrow('exact version');
  });
});

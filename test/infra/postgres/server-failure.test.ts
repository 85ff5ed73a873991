import { describe, expect, it } from 'vitest';
import { explainServerFailure, isPassingFailure } from '#infra/postgres/server-failure.ts';

// What PostgreSQL 18 and Node really say, collected by provoking each failure.
const CASES = [
  [
    'initdb: error: could not write to file "/data/cluster.new-1-a/base/1/1255": No space left on device',
    'disk-full',
    true,
  ],
  ['FATAL:  could not extend file "base/5/1249": No space left on device', 'disk-full', true],
  ["ENOSPC: no space left on device, mkdir '/data/cluster.new-1-a'", 'disk-full', true],
  ["EROFS: read-only file system, mkdir '/data/cluster.new-1-a'", 'database-folder-unusable', false],
  ["EACCES: permission denied, open '/data/cluster/PG_VERSION'", 'database-folder-unusable', false],
  ['postgres: could not access directory "/data/cluster": Permission denied', 'database-folder-unusable', false],
  ['FATAL:  data directory "/data/cluster" has wrong ownership', 'database-folder-unusable', false],
  ['FATAL:  data directory "/data/cluster" has invalid permissions', 'database-folder-unusable', false],
  [
    'FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 16, which is not compatible with this version 18.4.',
    'database-version',
    false,
  ],
  ['PANIC:  could not locate a valid checkpoint record at 0/1A2B3C4', 'database-damaged', false],
  ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'database-not-starting', false],
] as const;

describe('explainServerFailure', () => {
  it.each(CASES)('%s', (said, code, retryable) => {
    const error = explainServerFailure(said, '/data');
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain('/data');
    expect(error.fix).not.toBe('');
  });

  it('repeats the reason that PostgreSQL gave, without the noise around it', () => {
    const said =
      '2026-01-01 10:00:00.000 UTC [7] LOG:  starting\n2026-01-01 10:00:00.001 UTC [7] FATAL:  no such luck\nmore';
    expect(explainServerFailure(said, '/data').message).toBe('The database in /data does not start: no such luck');
  });
});

describe('isPassingFailure', () => {
  it.each([
    ['FATAL:  lock file "postmaster.pid" already exists', true],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', true],
    ['FATAL:  could not create lock file "/tmp/fw-1-a/.s.PGSQL.5432.lock": No such file or directory', true],
    ['FATAL:  data directory "/data" has wrong ownership', false],
  ])('%s: %s', (said, passing) => {
    expect(isPassingFailure(said)).toBe(passing);
  });
});

import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '#infra/postgres/database-url.ts';

const plain = { host: 'db.example', port: 5432, user: 'ann', dbName: 'factory', driverOptions: { ssl: false } };

describe('parseDatabaseUrl', () => {
  it.each([
    ['postgres://ann@db.example/factory', plain],
    ['postgresql://ann@db.example:6000/factory', { ...plain, port: 6000 }],
    ['postgres://ann:p%40ss%3Aword@db.example/factory', { ...plain, password: 'p@ss:word' }],
    ['postgres://ann@[::1]/factory', { ...plain, host: '::1' }],
    ['postgres://ann@localhost/factory?host=%2Frun%2Fpg', { ...plain, host: '/run/pg' }],
    ['postgres://ann@%2Frun%2Fpg/factory', { ...plain, host: '/run/pg' }],
    ['postgres:///factory?host=/run/pg&user=ann&port=6000', { ...plain, host: '/run/pg', port: 6000 }],
    [
      'postgres://ann@db.example/factory?sslmode=require',
      { ...plain, driverOptions: { ssl: { rejectUnauthorized: false } } },
    ],
    [
      'postgres://ann@db.example/factory?sslmode=verify-full',
      { ...plain, driverOptions: { ssl: { rejectUnauthorized: true } } },
    ],
  ])('reads %s', (url, connection) => {
    expect(parseDatabaseUrl(url)).toEqual(connection);
  });

  it.each([
    'not an address',
    'mysql://ann:secret@db.example/factory',
    'postgres://ann:secret@db.example',
    'postgres://db.example/factory',
    'postgres://ann:secret@db.example:0/factory',
    'postgres://ann:secret@db.example:99999/factory',
    'postgres://ann:%ZZsecret@db.example/factory',
    'postgres://ann:secret@db.example/factory?sslmode=maybe',
  ])('refuses %s without repeating it', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrowError(
      expect.objectContaining({ code: 'database-url-invalid', message: expect.not.stringContaining('secret') }),
    );
  });
});

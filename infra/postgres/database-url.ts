import { FactoryError } from '#src/errors.ts';
import type { DatabaseConnection } from './connection-options.ts';

const DEFAULT_PORT = 5432;

/**
 * Reads `postgres://user:password@host:port/database`. A unix socket is written as `?host=/folder` or with the folder
 * percent-encoded in the host's place. `sslmode` means what it means to psql: `require` encrypts without asking who
 * answers, `verify-full` asks. Throws FactoryError `database-url-invalid`, which never repeats the address: it holds a
 * password.
 */
export function parseDatabaseUrl(databaseUrl: string): DatabaseConnection {
  let url: URL;
  try {
    // A socket address may have no host at all, which URL accepts only for schemes it does not know.
    url = new URL(databaseUrl);
  } catch {
    throw invalid('it is not a web-style address');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw invalid(`it begins with "${url.protocol}" instead of "postgres:"`);
  }
  const dbName = decode(url.pathname.slice(1));
  const user = decode(url.username) || url.searchParams.get('user') || '';
  const password = decode(url.password) || url.searchParams.get('password') || undefined;
  const host = url.searchParams.get('host') ?? (decode(url.hostname.replace(/^\[|\]$/g, '')) || 'localhost');
  const port = Number(url.searchParams.get('port') ?? (url.port || DEFAULT_PORT));
  if (dbName === '') throw invalid('it names no database');
  if (user === '') throw invalid('it names no user');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid('its port is not a number from 1 to 65535');
  return {
    host,
    port,
    user,
    dbName,
    driverOptions: { ssl: readSslMode(url.searchParams.get('sslmode') ?? 'disable') },
    ...(password === undefined ? {} : { password }),
  };
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html, table 32.1. `pg` cannot fall back, so those two do not encrypt. */
function readSslMode(mode: string): false | { rejectUnauthorized: boolean } {
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
    case 'no-verify':
      return { rejectUnauthorized: false };
    case 'verify-ca':
    case 'verify-full':
      return { rejectUnauthorized: true };
    default:
      throw invalid(`its sslmode "${mode}" is none of disable, require, verify-full`);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('it holds a "%" that is not followed by two hexadecimal digits');
  }
}

function invalid(reason: string): FactoryError {
  return new FactoryError('database-url-invalid', `DATABASE_URL cannot be read: ${reason}.`, {
    fix: 'Write it as postgres://user:password@host:5432/database, with special characters in the password percent-encoded.',
  });
}

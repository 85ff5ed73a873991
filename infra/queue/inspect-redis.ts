import { Redis } from 'ioredis';
import { FactoryError } from '#src/errors.ts';

export interface RedisFacts {
  /** Such as "7.0.15". */
  version: string;
  /** One sentence for each thing that a person should change; empty when all is well. */
  warnings: string[];
}

const CONNECT_TIMEOUT_MS = 5000;

/** Looks at the Redis server that `url` names. Throws FactoryError `queue-unreachable`, without the password. */
export async function inspectRedis(url: string): Promise<RedisFacts> {
  const place = describePlace(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The driver reports every failure twice; the rejected promise below is enough.
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason ??= error));
  try {
    await redis.connect();
    const info = await redis.info();
    const policy = readField(info, 'maxmemory_policy');
    return { version: readField(info, 'redis_version') ?? 'unknown', warnings: warnAbout(policy, place) };
  } catch (error) {
    const cause = reason ?? error;
    throw new FactoryError('queue-unreachable', `The Redis at ${place} cannot be used: ${explain(cause)}.`, {
      fix: 'Start it or correct REDIS_URL; or unset REDIS_URL to keep the queue in the database.',
      retryable: true,
      cause,
    });
  } finally {
    redis.disconnect();
  }
}

function warnAbout(policy: string | undefined, place: string): string[] {
  if (policy === undefined || policy === 'noeviction') return [];
  return [
    `The Redis at ${place} throws entries away when it is full (maxmemory-policy is ${policy}), so work could stay lying until it is sent again. Set maxmemory-policy to noeviction.`,
  ];
}

/** `INFO` rather than `CONFIG GET`: hosted servers forbid the latter. */
function readField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
}

function describePlace(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    if (protocol !== 'redis:' && protocol !== 'rediss:') throw invalid(`it begins with "${protocol}"`);
    return `${hostname || 'localhost'}:${port || '6379'}${pathname === '/' ? '' : pathname}`;
  } catch (error) {
    throw error instanceof FactoryError ? error : invalid('it is not a web-style address');
  }
}

function invalid(reason: string): FactoryError {
  return new FactoryError('redis-url-invalid', `REDIS_URL cannot be read: ${reason}.`, {
    fix: 'Write it as redis://host:6379, or rediss:// for an encrypted connection.',
  });
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nothing answers there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its host is not known';
  if (/WRONGPASS|NOAUTH|invalid username-password/i.test(message)) return 'it refuses the user or password';
  return code === undefined ? 'it does not answer as Redis does' : `it does not answer (${code})`;
}

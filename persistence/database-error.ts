import { FactoryError } from '#src/errors.ts';

/** What to do about a failed statement, for a person. SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function toFactoryError(error: unknown): unknown {
  if (error instanceof FactoryError) return error;
  const code = sqlState(error);
  switch (code) {
    case 'FWL01':
      return streamMoved(messageOf(error), error);
    case 'FWL02':
      return idempotencyConflict(messageOf(error), error);
    case '40001':
    case '40P01':
    case '55P03':
      return new FactoryError(
        'database-busy',
        'Two writers got in each other’s way in the database; nothing was kept.',
        {
          fix: 'Nothing to do: it is tried again.',
          retryable: true,
          cause: error,
        },
      );
    case '53100':
      return new FactoryError('disk-full', 'The database has no room left on its disk; nothing was kept.', {
        fix: 'Free some disk space. Waiting work then goes on by itself.',
        retryable: true,
        cause: error,
      });
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ENOENT':
    case '08000':
    case '08003':
    case '08006':
    case '53300':
    case '57P01':
    case '57P02':
    case '57P03':
      return unreachable(code, error);
    default:
      return code === undefined && LOST_CONNECTION.test(messageOf(error))
        ? unreachable('connection lost', error)
        : error;
  }
}

/** What `pg` says, without a code, of a connection that broke under a statement or before it. */
const LOST_CONNECTION = /^(Connection terminated|Client has encountered a connection error)/;

function unreachable(why: string, cause: unknown): FactoryError {
  return new FactoryError('database-unreachable', `The database does not answer just now (${why}).`, {
    fix: 'Check that it runs; the workbench tries again by itself.',
    retryable: true,
    cause,
  });
}

/** The same object, with the failures of its methods in words for people. */
export function withFactoryErrors<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      return async (...words: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(member, object, words) as Promise<unknown>);
        } catch (error) {
          throw toFactoryError(error);
        }
      };
    },
  });
}

/** SQLSTATE of a database error, or the system's code of a connection that failed. */
export function sqlState(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

export function streamMoved(detail: string, cause?: unknown): FactoryError {
  return new FactoryError(
    'stream-moved',
    `Somebody else changed the same thing in between: ${detail}. Nothing was kept.`,
    {
      fix: 'Nothing to do: it is read again and decided again.',
      retryable: true,
      cause,
    },
  );
}

export function idempotencyConflict(detail: string, cause?: unknown): FactoryError {
  return new FactoryError('idempotency-conflict', `The same fact was recorded before in other words: ${detail}.`, {
    fix: 'This is a fault of the workbench: report it with the log of this run.',
    isOwnFault: true,
    cause,
  });
}

function messageOf(error: unknown): string {
  // MikroORM puts the statement before the server's own message.
  const message = error instanceof Error ? error.message : String(error);
  return message.split(' - ').at(-1) ?? message;
}

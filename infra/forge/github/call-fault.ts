import { FactoryError } from '#src/errors.ts';

/** What GitHub answered instead of doing it. */
export interface CallFault {
  /** null: there was no answer, so whether it was done is not known. */
  status: number | null;
  message: string;
  /** How long GitHub asks to be left alone. */
  waitMs: number | null;
  /** `OWNER/NAME` of a repository that was renamed, where GitHub said it. */
  nameNow?: string;
}

const SECOND_MS = 1_000;
const MESSAGE_CHARS = 300;
const UNPROCESSABLE = 422;
/** Asked for when GitHub says that it is enough and not until when. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const UNSAID_WAIT_MS = 60 * SECOND_MS;

/** Reads an error of octokit's; anything else is not a fault of a call and is thrown on. */
export function callFaultOf(error: unknown, now: Date): CallFault {
  // GraphQL refuses with 200.
  if (error instanceof Error && error.name === 'GraphqlResponseError')
    return { status: UNPROCESSABLE, message: error.message.slice(0, MESSAGE_CHARS), waitMs: null };
  if (!isRequestError(error)) throw error;
  // A request that got no answer carries 500 and no response.
  const status = error.response === undefined ? null : error.status;
  return { status, message: saidBy(error), waitMs: waitMsOf(error, now) };
}

/** The repository, or the issue, lives under another name. */
export const MOVED = 301;
const BLOCKED = 451;

/** Whether its effect is there has to be looked up: a gateway may give up on what is done behind it. */
export const isUnclear = ({ status }: CallFault): boolean => status === null || status >= 500;

export const isNotFound = ({ status }: CallFault): boolean => status === 404 || status === 410;

/** Every fault that no caller knows a better sentence for. */
export function faultError(fault: CallFault, what: string): FactoryError {
  const { status, message, waitMs } = fault;
  if (status === null) {
    return new FactoryError('github-unreachable', `GitHub did not answer when asked to ${what}: ${message}.`, {
      fix: 'Check the network and https://www.githubstatus.com; it is tried again.',
      retryable: true,
    });
  }
  if (waitMs !== null) {
    const seconds = Math.ceil(waitMs / SECOND_MS);
    return new FactoryError('github-busy', `GitHub takes no more requests for ${seconds} s, so it did not ${what}.`, {
      fix: 'Nothing has to be done; it is tried again then.',
      retryable: true,
    });
  }
  if (status === MOVED) return renamedError(what, fault.nameNow ?? null);
  if (status === 403 && ARCHIVED.test(message)) return archivedError('The repository', what);
  if (status === 403 && /suspended/i.test(message)) {
    return new FactoryError('github-app-suspended', `GitHub did not ${what}: ${message}.`, {
      fix: 'Whoever may configure the App lifts that on GitHub: Settings, Applications, Installed GitHub Apps.',
    });
  }
  if (status === BLOCKED || (status === 403 && /access blocked/i.test(message))) {
    return new FactoryError('repo-disabled', `GitHub has closed the repository, so it did not ${what}: ${message}.`, {
      fix: 'Its owner finds the reason on its page on GitHub. Until it is open again, work in another repository.',
    });
  }
  if (status === 401) {
    return new FactoryError('github-token-refused', `GitHub refused the token when asked to ${what}.`, {
      fix: 'Make a new token, set GITHUB_TOKEN and start again.',
    });
  }
  if (status === 403) {
    return new FactoryError('github-forbidden', `GitHub does not let the token ${what}: ${message}.`, {
      fix: 'Give the token the permissions that the README lists, for this one repository.',
    });
  }
  if (isNotFound(fault)) {
    return new FactoryError(
      'github-not-found',
      `GitHub could not ${what}: it is not there, or the token may not see it.`,
      {
        fix: 'Check the name of the repository and that the token was made for it.',
      },
    );
  }
  return new FactoryError('github-refused', `GitHub did not ${what} (${status}): ${message}.`, {
    fix: 'Read what GitHub says, put it right there, then try again.',
    retryable: status >= 500,
  });
}

const ARCHIVED = /archived/i;

/** Names are not followed: one that was given up may be somebody else's tomorrow. `nameNow`: null where it is not known. */
export function renamedError(what: string, nameNow: string | null): FactoryError {
  return new FactoryError(
    'repo-renamed',
    nameNow === null
      ? `The repository was renamed or moved on GitHub, so it did not ${what}.`
      : `The repository is called ${nameNow} on GitHub now, so it did not ${what}.`,
    {
      fix:
        nameNow === null
          ? 'Bind the project to it by the name that it has now.'
          : `Bind the project to github:${nameNow}, if that is still yours.`,
    },
  );
}

/** `shown`: what is archived, at the beginning of a sentence. */
export function archivedError(shown: string, what: string): FactoryError {
  return new FactoryError('repo-archived', `${shown} is archived on GitHub, so it did not ${what}.`, {
    fix: 'Take it out of the archive there (Settings, Danger Zone), or bind the project to another repository.',
  });
}

interface RequestFault extends Error {
  status: number;
  response?: { headers: Record<string, string | number | undefined>; data: unknown };
}

function isRequestError(error: unknown): error is RequestFault {
  return error instanceof Error && error.name === 'HttpError' && 'status' in error;
}

function saidBy({ message, response }: RequestFault): string {
  const data = response?.data;
  if (typeof data !== 'object' || data === null || !('message' in data)) return message.slice(0, MESSAGE_CHARS);
  const details = 'errors' in data && Array.isArray(data.errors) ? data.errors.map(detailOf) : [];
  return [String(data.message), ...details].join(' · ').slice(0, MESSAGE_CHARS);
}

function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (typeof detail === 'object' && detail !== null && 'message' in detail) return String(detail.message);
  return JSON.stringify(detail);
}

function waitMsOf({ status, response, message }: RequestFault, now: Date): number | null {
  if (status !== 403 && status !== 429) return null;
  const headers = response?.headers ?? {};
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds * SECOND_MS;
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * SECOND_MS;
    return Number.isFinite(reset) ? Math.max(SECOND_MS, reset - now.getTime()) : UNSAID_WAIT_MS;
  }
  return status === 429 || /rate limit/i.test(message) ? UNSAID_WAIT_MS : null;
}

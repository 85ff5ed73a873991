import { Octokit } from '@octokit/rest';
import type { Clock } from '#src/ports/clock.ts';
import { type CallFault, callFaultOf, faultError, MOVED } from './call-fault.ts';
import type { Purpose } from './credentials.ts';
import type { GitHubOptions } from './github-options.ts';
import { fetchInPlace, type Moved } from './moved.ts';
import type { RepositoryName } from './repository-name.ts';

/** GitHub's own client, and what its answers mean. */
export interface GitHubClient {
  /** The value, or the fault for callers that know what to make of one. Throws what is not a fault of the call. */
  attempt<T>(call: (octokit: Octokit) => Promise<T>): Promise<{ value: T } | { fault: CallFault }>;
  /** The value. Throws FactoryError `github-…`; `what` ends the sentence "GitHub was asked to …". */
  ask<T>(what: string, call: (octokit: Octokit) => Promise<T>): Promise<T>;
}

/** The client for one repository and one purpose. */
export type ClientFor = (repository: RepositoryName, purpose: Purpose) => GitHubClient;

export interface ClientOptions {
  apiUrl: string;
  /** Asked for every call. */
  token(): Promise<string>;
  /** GitHub refused it with 401. True where the call is worth a second try with another; see `Credentials`. */
  refused?(token: string): boolean;
  /** Whether a call goes on to where a renamed repository is now. Default: no, and the fault says where that is. */
  followsMoves?: boolean;
}

const CALL_TIMEOUT_MS = 20_000;
const UNAUTHORISED = 401;

/** Never repeats a call that may have had an effect: whether it is there is for the caller to look up first. */
export function createClient(options: ClientOptions, clock: Clock): GitHubClient {
  const { apiUrl, token, followsMoves = false } = options;
  const once = async <T>(value: string, call: (octokit: Octokit) => Promise<T>) => {
    const moved: Moved = { isMoved: false, id: null };
    const octokit = new Octokit({
      auth: value,
      baseUrl: apiUrl,
      request: { fetch: followsMoves ? fetchInTime : fetchInPlace(fetchInTime, moved) },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    try {
      return { value: await call(octokit) };
    } catch (error) {
      const fault = callFaultOf(error, clock.now());
      return { fault: moved.isMoved ? await movedFault(moved, octokit) : fault };
    }
  };
  const attempt: GitHubClient['attempt'] = async (call) => {
    const first = await token();
    const answer = await once(first, call);
    const isRefused = 'fault' in answer && answer.fault.status === UNAUTHORISED;
    // What was refused had no effect.
    return isRefused && options.refused?.(first) === true ? once(await token(), call) : answer;
  };
  return withAsk(attempt);
}

/** Clients with the tokens of `credentials`. */
export function createClients({ apiUrl, credentials }: Omit<GitHubOptions, 'webUrl'>, clock: Clock): ClientFor {
  return (repository, purpose) =>
    createClient(
      {
        apiUrl,
        token: () => credentials.tokenFor(repository, purpose),
        refused: (token) => credentials.refused(token),
      },
      clock,
    );
}

/** `ask` in terms of `attempt`. */
export function withAsk(attempt: GitHubClient['attempt']): GitHubClient {
  return {
    attempt,
    async ask(what, call) {
      const answer = await attempt(call);
      if ('fault' in answer) throw faultError(answer.fault, what);
      return answer.value;
    },
  };
}

function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
}

/** Asks GitHub for the name that the repository has now; where it does not say, the fault goes without. */
async function movedFault({ id }: Moved, octokit: Octokit): Promise<CallFault> {
  const fault = { status: MOVED, message: 'Moved', waitMs: null };
  if (id === null) return fault;
  try {
    const { data } = await octokit.request('GET /repositories/{id}', { id });
    return typeof data.full_name === 'string' ? { ...fault, nameNow: data.full_name } : fault;
  } catch {
    return fault;
  }
}

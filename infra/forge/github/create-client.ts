import { Octokit } from '@octokit/rest';
import type { Clock } from '#src/ports/clock.ts';
import { type CallFault, callFaultOf, faultError } from './call-fault.ts';
import type { GitHubOptions } from './github-options.ts';

/** GitHub's own client, and what its answers mean. */
export interface GitHubClient {
  /** The value, or the fault for callers that know what to make of one. Throws what is not a fault of the call. */
  attempt<T>(call: (octokit: Octokit) => Promise<T>): Promise<{ value: T } | { fault: CallFault }>;
  /** The value. Throws FactoryError `github-…`; `what` ends the sentence "GitHub was asked to …". */
  ask<T>(what: string, call: (octokit: Octokit) => Promise<T>): Promise<T>;
}

const CALL_TIMEOUT_MS = 20_000;

/** Never repeats a call by itself: whether its effect is there is for the caller to look up first. */
export function createClient({ apiUrl, token }: GitHubOptions, clock: Clock): GitHubClient {
  const attempt: GitHubClient['attempt'] = async (call) => {
    const octokit = new Octokit({
      auth: await token(),
      baseUrl: apiUrl,
      request: {
        fetch: (url: string, init: RequestInit) =>
          fetch(url, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) }),
      },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    try {
      return { value: await call(octokit) };
    } catch (error) {
      return { fault: callFaultOf(error, clock.now()) };
    }
  };
  return {
    attempt,
    async ask(what, call) {
      const answer = await attempt(call);
      if ('fault' in answer) throw faultError(answer.fault, what);
      return answer.value;
    },
  };
}

import { Octokit } from '@octokit/rest';
import { expect, onTestFinished } from 'vitest';
import { startGitHub } from '#test/support/github/start-github.ts';
import type { GitHubOptions, StandInGitHub } from '#test/support/github/start-github.ts';
import type { Token } from '#test/support/github/hub/types.ts';

export const SHOP = { owner: 'acme', repo: 'shop' } as const;

type Github = StandInGitHub<'ana' | 'ben', 'workbench'>;
type Options = GitHubOptions<'ana' | 'ben', 'workbench'>;

export interface OpenGithub {
  github: Github;
  octokitFor(token: Token | string | null): Octokit;
  /** As the app `workbench`. */
  app: Octokit;
  ana: Octokit;
  ben: Octokit;
}

/** A stand-in for the running test. It fails when anything went against GitHub's description, unless it expects so. */
export async function openGithub(options: Options & { expectsViolations?: boolean } = {}): Promise<OpenGithub> {
  const github = await startGitHub(options);
  onTestFinished(async () => {
    await github.settled();
    await github.close();
    if (options.expectsViolations !== true) expect(github.violations).toEqual([]);
  });
  const octokitFor = (token: Token | string | null): Octokit => octokitAt(github.apiUrl, token);
  return {
    github,
    octokitFor,
    app: octokitFor(github.apps.workbench.token()),
    ana: octokitFor(github.people.ana.token()),
    ben: octokitFor(github.people.ben.token()),
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function octokitAt(baseUrl: string, token: Token | string | null): Octokit {
  const auth = token === null ? {} : { auth: typeof token === 'string' ? token : token.value };
  return new Octokit({ baseUrl, log: silent, ...auth });
}

export interface Refused {
  status: number;
  message: string;
  /** The body. */
  data: Record<string, unknown>;
  headers: Record<string, string | number | undefined>;
}

/** What GitHub answered to a call that it refused. */
export async function refusal(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    const { status, message, response } = error as Refused & { response?: Pick<Refused, 'data' | 'headers'> };
    return { status, message, data: response?.data ?? {}, headers: response?.headers ?? {} };
  }
  throw new Error('It was not refused.');
}

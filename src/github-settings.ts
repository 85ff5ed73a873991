import * as z from 'zod';

export interface GitHubSettings {
  token: string;
  /** Without a slash at the end, both. */
  apiUrl: string;
  webUrl: string;
  /** Issues that carry it are conversations. */
  label: string;
  /** null: GitHub is asked every few minutes, and tells nothing by itself. */
  webhook: { secret: string; port: number } | null;
}

/** They begin so: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github */
export const gitHubToken = z
  .string()
  .trim()
  .regex(
    /^(?:(?:github_pat|gh[pousr])_[A-Za-z0-9_]+|[0-9a-f]{40})?$/,
    'is no token of GitHub; those begin with github_pat_',
  );

interface Given {
  GITHUB_TOKEN: string;
  GITHUB_API_URL: string;
  GITHUB_URL: string;
  GITHUB_LABEL: string;
  GITHUB_WEBHOOK_SECRET: string;
  GITHUB_WEBHOOK_PORT: number;
}

/** null: no token, no GitHub. */
export function gitHubSettings(given: Given): GitHubSettings | null {
  const { GITHUB_TOKEN: token, GITHUB_WEBHOOK_SECRET: secret, GITHUB_WEBHOOK_PORT: port } = given;
  if (token === '') return null;
  return {
    token,
    apiUrl: given.GITHUB_API_URL.replace(/\/$/, ''),
    webUrl: given.GITHUB_URL.replace(/\/$/, ''),
    label: given.GITHUB_LABEL,
    webhook: secret === '' ? null : { secret, port },
  };
}

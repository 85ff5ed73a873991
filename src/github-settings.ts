import * as z from 'zod';
import { folderUrl, portNumber } from './setting-kinds.ts';

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
const gitHubToken = z
  .string()
  .trim()
  .regex(
    /^(?:(?:github_pat|gh[pousr])_[A-Za-z0-9_]+|[0-9a-f]{40})?$/,
    'is no token of GitHub; those begin with github_pat_',
  );

/** How each setting of GitHub is read. */
export const gitHubShape = {
  GITHUB_TOKEN: gitHubToken,
  GITHUB_API_URL: folderUrl,
  GITHUB_URL: folderUrl,
  GITHUB_LABEL: z.string().trim().min(1, 'must be the name of a label').max(50),
  GITHUB_WEBHOOK_SECRET: z.string().trim(),
  GITHUB_WEBHOOK_PORT: portNumber,
};

type Given = z.infer<z.ZodObject<typeof gitHubShape>>;

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

import path from 'node:path';
import * as z from 'zod';
import { badSettings, folderUrl, portNumber } from './setting-kinds.ts';

export interface GitHubSettings {
  /** Of a person; with an App it is for what only a person may do. Where there is none there is an App. */
  token: string | null;
  /** Who works on GitHub; null: whoever the token is of. */
  app: GitHubAppSettings | null;
  /** Without a slash at the end, both. */
  apiUrl: string;
  webUrl: string;
  /** Issues that carry it are conversations. */
  label: string;
  /** null: GitHub is asked every few minutes, and tells nothing by itself. */
  webhook: { secret: string; port: number } | null;
  /** Of the App that people let act for them; null: nobody can link an account. */
  clientId: string | null;
  /** What seals that, in base64. null: a file of this machine holds the key. */
  accountsKey: string | null;
}

export interface GitHubAppSettings {
  /** Its number, or its client id. */
  id: string;
  /** What it signs with: an RSA key in PEM, as it is or in a file at an absolute path. */
  key: { kind: 'pem'; pem: string } | { kind: 'file'; path: string };
}

/** They begin so: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github */
const gitHubToken = z
  .string()
  .trim()
  .regex(
    /^(?:(?:github_pat|gh[pousr])_[A-Za-z0-9_]+|[0-9a-f]{40})?$/,
    'is no token of GitHub; those begin with github_pat_',
  );

/** In a `.env` a key stands on one line, with `\n` where its lines end. */
const privateKey = z
  .string()
  .trim()
  .transform((text) => text.replaceAll(String.raw`\n`, '\n'))
  .refine((text) => text === '' || text.startsWith('-----BEGIN '), {
    message: 'is no key in PEM; those begin with -----BEGIN. For a file, set GITHUB_APP_PRIVATE_KEY_FILE',
  });

const KEY_BYTES = 32;

const accountsKey = z
  .string()
  .trim()
  .refine((text) => text === '' || Buffer.from(text, 'base64').length === KEY_BYTES, {
    message: `must be ${KEY_BYTES} bytes in base64; \`openssl rand -base64 32\` makes some`,
  });

/** How each setting of GitHub is read. */
export const gitHubShape = {
  GITHUB_TOKEN: gitHubToken,
  GITHUB_APP_ID: z
    .string()
    .trim()
    .regex(/^(?:\d{1,20}|Iv[A-Za-z0-9.]{1,40})?$/, 'is neither the number nor the client id of a GitHub App'),
  GITHUB_APP_PRIVATE_KEY: privateKey,
  GITHUB_APP_PRIVATE_KEY_FILE: z.string().trim(),
  GITHUB_API_URL: folderUrl,
  GITHUB_URL: folderUrl,
  GITHUB_LABEL: z.string().trim().min(1, 'must be the name of a label').max(50),
  GITHUB_WEBHOOK_SECRET: z.string().trim(),
  GITHUB_WEBHOOK_PORT: portNumber,
  GITHUB_CLIENT_ID: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._-]*$/, 'is no client id of a GitHub App'),
  ACCOUNTS_KEY: accountsKey,
};

type Given = z.infer<z.ZodObject<typeof gitHubShape>>;

/** null: neither token nor App, no GitHub. Relative paths resolve against `cwd`. FactoryError `bad-setting`. */
export function gitHubSettings(given: Given, cwd: string): GitHubSettings | null {
  const { GITHUB_TOKEN: token, GITHUB_WEBHOOK_SECRET: secret, GITHUB_WEBHOOK_PORT: port } = given;
  const app = appSettings(given, cwd);
  if (token === '' && app === null) return null;
  return {
    token: token === '' ? null : token,
    app,
    apiUrl: given.GITHUB_API_URL.replace(/\/$/, ''),
    webUrl: given.GITHUB_URL.replace(/\/$/, ''),
    label: given.GITHUB_LABEL,
    webhook: secret === '' ? null : { secret, port },
    clientId: given.GITHUB_CLIENT_ID === '' ? null : given.GITHUB_CLIENT_ID,
    accountsKey: given.ACCOUNTS_KEY === '' ? null : given.ACCOUNTS_KEY,
  };
}

/** What a person should know who set both. */
export function gitHubNotes({ GITHUB_TOKEN: token, GITHUB_APP_ID: id }: Given): string[] {
  if (token === '' || id === '') return [];
  return ['GITHUB_APP_ID is set, so the factory works as the App; GITHUB_TOKEN is for `ci init` alone.'];
}

function appSettings(given: Given, cwd: string): GitHubAppSettings | null {
  const { GITHUB_APP_ID: id, GITHUB_APP_PRIVATE_KEY: pem, GITHUB_APP_PRIVATE_KEY_FILE: file } = given;
  if (id === '' && pem === '' && file === '') return null;
  if (id === '') throw badSettings(['GITHUB_APP_ID: is needed beside the private key of the App']);
  if (pem !== '' && file !== '')
    throw badSettings(['GITHUB_APP_PRIVATE_KEY_FILE: is set beside GITHUB_APP_PRIVATE_KEY; one of them is enough']);
  if (pem !== '') return { id, key: { kind: 'pem', pem } };
  if (file !== '') return { id, key: { kind: 'file', path: path.resolve(cwd, file) } };
  throw badSettings(['GITHUB_APP_PRIVATE_KEY_FILE: is needed beside GITHUB_APP_ID: the .pem file of the App']);
}

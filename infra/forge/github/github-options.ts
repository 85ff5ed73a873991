import type { Credentials } from './credentials.ts';

/** Where GitHub is and who we are there. */
export interface GitHubOptions {
  /** Of the REST API, without a slash at the end, such as `https://api.github.com`. */
  apiUrl: string;
  /** Of pages and git, without a slash at the end, such as `https://github.com`. */
  webUrl: string;
  /** Asked for every call: a token of an App lives for an hour. */
  credentials: Credentials;
}

import { FactoryError } from '#src/errors.ts';

/** A login of 1 to 39 characters, or a team as `org/team`. https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam */
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99}))?$/;

/** `ana,@ben,acme/platform` as CODEOWNERS writes them. FactoryError `usage`. */
export function readOwners(typed: string): string[] {
  const names = typed
    .split(',')
    .map((name) => name.trim().replace(/^@/, ''))
    .filter((name) => name !== '');
  const odd = names.find((name) => !OWNER.test(name));
  if (odd === undefined) return [...new Set(names)].map((name) => `@${name}`);
  throw new FactoryError('usage', `${JSON.stringify(odd)} is no login of GitHub and no team.`, {
    fix: 'Name them as --owners ana,acme/platform.',
  });
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { faultError } from '#infra/forge/github/call-fault.ts';
import type { GitHubClient } from '#infra/forge/github/create-client.ts';
import { FactoryError } from '#src/errors.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';

const run = promisify(execFile);

/** These would lead git elsewhere than to the folder. */
const ELSEWHERE = /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|NAMESPACE|OBJECT_DIRECTORY)$/;

/**
 * Who commits in a folder, as git itself would say. It alone is asked with the person's own settings: they are who acts
 * here, and `git var` runs nothing of theirs. FactoryError `identity-unknown`.
 */
export async function whoTypesHere(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GitIdentity> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !ELSEWHERE.test(name)));
  const said = await run('git', ['-C', folder, 'var', 'GIT_AUTHOR_IDENT'], { env: own }).catch(() => null);
  const [, name, email] = /^(.+) <([^<>]+)> \d+ [+-]\d{4}$/.exec(said?.stdout.trim() ?? '') ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new FactoryError('identity-unknown', 'Git does not know who you are, and the proposal is made in your name.', {
    fix: 'Say `git config user.name "Your Name"` and `git config user.email you@example.org` there, then try again.',
  });
}

/**
 * The person whose token it is, with the address that GitHub keeps for commits made on its pages. FactoryError
 * `ci-needs-person` for the token of an app.
 */
export async function whoseToken(client: GitHubClient, webUrl: string): Promise<GitIdentity> {
  const answer = await client.attempt((octokit) => octokit.rest.users.getAuthenticated());
  if ('value' in answer) {
    const { login, id } = answer.value.data;
    return { name: login, email: `${id}+${login}@users.noreply.${new URL(webUrl).hostname}` };
  }
  if (answer.fault.status === 403 && answer.fault.waitMs === null) {
    throw new FactoryError('ci-needs-person', 'This token belongs to an app, and a person proposes what CI runs.', {
      fix: 'Run it once with a token of your own in GITHUB_TOKEN.',
    });
  }
  throw faultError(answer.fault, 'say whose token it is');
}

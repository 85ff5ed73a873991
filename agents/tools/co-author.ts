import type { Task } from '#src/code-factory/task.ts';
import { linkedAccountId } from '#src/ledger/rows.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { StepTools } from './step-tools.ts';

/** https://docs.github.com/en/account-and-profile/reference/username-reference: letters, digits and single dashes. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const ON_GITHUB = 'github:';

/**
 * The trailer by which GitHub credits whoever asked for the task; empty where the repository is a folder, or nobody
 * knows their account. Addresses are those that GitHub gives out in place of people's own:
 * https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
 */
export async function coAuthorTrailer(
  { unitOfWork, forge }: Pick<StepTools, 'unitOfWork' | 'forge'>,
  repo: RepositoryRef,
  { requester, committedAt }: Pick<Task, 'requester' | 'committedAt'>,
): Promise<string> {
  if (forge.kindOf(repo) !== 'github') return '';
  const row = await unitOfWork.tables.get('linked_accounts', linkedAccountId({ forge: 'github', person: requester }));
  // A step that is done twice must make the same commit, so what was linked later does not count.
  const linked = row !== null && row.linkedAt <= committedAt ? row : null;
  const login = linked?.login ?? (requester.startsWith(ON_GITHUB) ? requester.slice(ON_GITHUB.length) : '');
  if (!LOGIN.test(login)) return '';
  const local = linked === null ? login : `${linked.accountId}+${login}`;
  return `\n\nCo-authored-by: ${login} <${local}@users.noreply.github.com>`;
}

import type { Name, Record_ } from './history-task.ts';
import { draft } from './support.ts';

/** An account that was linked anew under another name, one that was given up, and whose it is now. */
export async function writeAccounts(record: Record_, id: Name): Promise<void> {
  const ada = { forge: 'github', person: id('slack:U0ADA'), login: id('ada'), accountId: id('7') } as const;
  const old = { ...ada, person: id('slack:U0BEN'), login: id('ben'), accountId: id('8') };
  await record(
    'accounts:github',
    draft('account.linked', ada, { actor: ada.person }),
    draft('account.linked', { ...ada, login: id('ada-l') }, { actor: ada.person }),
    draft('account.linked', old, { actor: old.person }),
    draft('account.unlinked', old, { actor: old.person }),
    draft('account.linked', { ...old, person: id('local') }, { actor: id('local') }),
  );
}

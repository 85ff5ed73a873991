import { type KeyPlace, readKey } from '#infra/vault/key.ts';
import { open, seal } from '#infra/vault/seal.ts';
import { linkedAccountId } from '#src/ledger/rows.ts';
import type { AccountTokens, OwnAccount } from '#src/ports/linked-accounts.ts';
import { Grant } from './device-flow.ts';

/** Grants by account, sealed before they leave the process. */
export interface KeptGrants {
  /** FactoryError of the key; see `readKey`. Makes it where there may be a new one. */
  requireKey(): Promise<void>;
  /** `unreadable`: there is one, sealed with another key or for another account. */
  read(account: OwnAccount): Promise<Grant | 'none' | 'unreadable'>;
  keep(account: OwnAccount, grant: Grant): Promise<void>;
  forget(person: string): Promise<void>;
}

const idOf = (person: string): string => linkedAccountId({ forge: 'github', person });
const ownerOf = ({ person, accountId }: OwnAccount): string => `${idOf(person)}/${accountId}`;

export function createKeptGrants({ tokens, key }: { tokens: AccountTokens; key: KeyPlace }): KeptGrants {
  const keyFor = async (): Promise<Buffer> => {
    const found = await readKey(key, true);
    if (found === null) throw new Error('the key that was just made is gone');
    return found;
  };
  return {
    async requireKey() {
      await keyFor();
    },
    async read(account) {
      const sealed = await tokens.get(idOf(account.person));
      if (sealed === null) return 'none';
      const opened = await readKey(key, false).catch(() => null);
      const text = opened === null ? null : open(opened, ownerOf(account), sealed);
      return text === null ? 'unreadable' : Grant.parse(JSON.parse(text));
    },
    async keep(account, grant) {
      await tokens.put(idOf(account.person), seal(await keyFor(), ownerOf(account), JSON.stringify(grant)));
    },
    forget: (person) => tokens.remove(idOf(person)),
  };
}

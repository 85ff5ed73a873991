import { FactoryError } from '#src/errors.ts';

/**
 * Accounts on a forge that people linked themselves. To *link* is to show the forge that an account is one's own: the
 * forge gives a code, the person enters it there. What lets the factory act as them never leaves this port.
 */
export interface LinkedAccounts {
  forge: 'github';
  /**
   * Asks the forge for a code for this person. FactoryError `accounts-not-set-up`, `accounts-key-missing`,
   * `accounts-key-unusable`, or the forge's own.
   */
  begin(person: string): Promise<LinkOffer>;
  /** Whether the factory can act as them. False where it never could, the forge took it back, or the key is another. */
  isUsable(account: OwnAccount): Promise<boolean>;
  /** The factory cannot act as them any more. */
  forget(person: string): Promise<void>;
}

export interface OwnAccount {
  person: string;
  login: string;
  /** The forge's id of it, which stays when it is renamed. */
  accountId: string;
}

/** What a person is shown, and what comes of it. */
export interface LinkOffer {
  /** Entered at `address`, until `expiresAt`. */
  userCode: string;
  address: string;
  expiresAt: Date;
  /** Does not reject. */
  answer: Promise<LinkAnswer>;
}

export type LinkAnswer =
  /** `keep` lets the factory act as them from here on; before, nothing is kept. */
  | { outcome: 'proven'; account: OwnAccount; keep(): Promise<void> }
  /** `ended`: the process stops, or the person asked for another code. */
  | { outcome: 'denied' | 'expired' | 'ended' }
  | { outcome: 'failed'; reason: string; fix: string };

/** Ciphertexts by account; see `linkedAccountId`. What they hold is nobody's business here. */
export interface AccountTokens {
  get(id: string): Promise<string | null>;
  put(id: string, sealed: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export function accountsNotSetUp(): FactoryError {
  return new FactoryError('accounts-not-set-up', 'Accounts on GitHub cannot be linked here.', {
    fix: 'Whoever runs the workbench sets GITHUB_CLIENT_ID, the client id of a GitHub App; the README says how.',
  });
}

/** Where no forge is set up that has accounts. */
export const noLinkedAccounts: LinkedAccounts = {
  forge: 'github',
  begin: async () => {
    throw accountsNotSetUp();
  },
  isUsable: async () => false,
  forget: async () => {},
};

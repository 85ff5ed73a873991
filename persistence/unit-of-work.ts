import type { Log } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { createArtifactStore } from './artifact-store.ts';
import { commit } from './commit.ts';
import type { DatabaseConnection } from './connection.ts';
import { createConversationStore } from './conversation-store.ts';
import { withFactoryErrors } from './database-error.ts';
import { createInbox } from './inbox.ts';
import { createLedgerReader } from './ledger-reader.ts';
import { createLockSession } from './lock-session.ts';
import type { Orm } from './orm.ts';
import { createOutbox } from './outbox.ts';
import { createTableReader } from './table-reader.ts';
import { createTransaction } from './transaction.ts';

export interface OpenUnitOfWork extends UnitOfWork {
  /** Gives back the connection that holds locks. The ORM is closed by whoever made it. */
  close(): Promise<void>;
}

/** What the factory remembers, in PostgreSQL. `connection` is where locks are held, on a connection of their own. */
export function createUnitOfWork(options: { orm: Orm; connection: DatabaseConnection; log: Log }): OpenUnitOfWork {
  const em = () => options.orm.em.fork();
  const locks = createLockSession(options.connection, options.log);
  const ledger = withFactoryErrors(createLedgerReader(em));
  const tables = withFactoryErrors(createTableReader(em));
  return {
    async transact(work) {
      const { transaction, queued } = createTransaction({ ledger, tables });
      const value = await work(transaction);
      await commit(em(), queued);
      return value;
    },
    withLock: (key, work) => locks.withLock(key, work),
    ledger,
    tables,
    artifacts: withFactoryErrors(createArtifactStore(em)),
    conversations: withFactoryErrors(createConversationStore(em)),
    inbox: withFactoryErrors(createInbox(em)),
    outbox: withFactoryErrors(createOutbox(em)),
    close: () => locks.close(),
  };
}

import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { Migrator } from '@mikro-orm/migrations';
import type { DatabaseConnection } from './connection.ts';
import { ArtifactEntity } from './entities/artifacts.ts';
import { ChatPost } from './entities/chat-posts.ts';
import { ConversationEntity } from './entities/conversations.ts';
import { ImportEntity } from './entities/imports.ts';
import { InboxEntity } from './entities/inbox.ts';
import { LedgerHead } from './entities/ledger-head.ts';
import { LedgerEvent } from './entities/ledger.ts';
import { MessageEntity } from './entities/messages.ts';
import { MirrorCursor } from './entities/mirror-cursors.ts';
import { OutboxEntity } from './entities/outbox.ts';
import { Reminder } from './entities/reminders.ts';
import { Person, SurfacePost } from './entities/surfaces.ts';
import { AccountToken } from './entities/linked-accounts.ts';
import { migrations } from './migrations/list.ts';
import { projectionEntities } from './projection-entities.ts';

export type Orm = MikroORM;
export type EntityManager = MikroORM['em'];

/** Enough for eight workers and the page; the bundled server allows 100 connections in all. */
const MAX_CONNECTIONS = 10;

export interface OrmOptions {
  maxConnections?: number;
}

/** MikroORM's settings. No discovery, no cache folder, no snapshot: everything is listed. */
function ormConfig(connection: DatabaseConnection, options: OrmOptions = {}) {
  return defineConfig({
    ...connection,
    driverOptions: { ...connection.driverOptions, onPoolCreated: giveUpDeadClients },
    entities: [
      ...Object.values(projectionEntities),
      ConversationEntity,
      MessageEntity,
      ImportEntity,
      ArtifactEntity,
      LedgerEvent,
      LedgerHead,
      InboxEntity,
      OutboxEntity,
      ChatPost,
      MirrorCursor,
      SurfacePost,
      Person,
      Reminder,
      AccountToken,
    ],
    extensions: [Migrator],
    pool: { min: 0, max: options.maxConnections ?? MAX_CONNECTIONS },
    forceUtcTimezone: true,
    debug: false,
    migrations: { migrationsList: migrations, tableName: 'migrations', snapshot: false, silent: true },
    // The queue keeps its tables in a schema of its own; triggers and functions are written by hand in the migrations.
    schemaGenerator: {
      ignoreSchema: ['bullmq'],
      ignoreTriggers: true,
      ignoreRoutines: true,
      skipTables: ['migrations'],
    },
  });
}

const DEAD_CLIENT_WAIT_MS = 1000;

/**
 * When a connection breaks inside a transaction, the rollback fails too, and Kysely 0.29 then never gives the client
 * back: after ten of them every query would wait for ever, and so would closing. A client that ended and was not given
 * back in a second is taken out of the pool here. One that was given back in time refuses the second release.
 */
function giveUpDeadClients(pool: Pool): void {
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        try {
          client.release(true);
        } catch {
          // Given back in time.
        }
      }, DEAD_CLIENT_WAIT_MS);
    });
  });
}

/** Connects lazily: the first query opens a connection. Close it with `orm.close()`. */
export function createOrm(connection: DatabaseConnection, options: OrmOptions = {}): Promise<Orm> {
  return MikroORM.init(ormConfig(connection, options));
}

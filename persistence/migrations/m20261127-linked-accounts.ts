import { Migration } from '@mikro-orm/migrations';

const statements = [
  `create table "linked_accounts" (
    "id" text not null,
    "forge" text not null,
    "person" text not null,
    "login" text not null,
    "account_id" text not null,
    "linked_at" timestamptz(3) not null,
    primary key ("id")
  )`,
  `alter table "linked_accounts" add constraint "linked_accounts_forge_account_id_unique" unique ("forge", "account_id")`,
  `create table "account_tokens" (
    "id" text not null,
    "sealed" text not null,
    primary key ("id")
  )`,
];

/** Accounts that people linked, and apart from them what lets the factory act as them. */
export class CreateLinkedAccounts extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

import { Migration } from '@mikro-orm/migrations';

const statements = [
  `create table "reminders" (
    "post_id" text not null,
    "said" int not null default 0,
    "snoozed_until" timestamptz(3) null,
    "ended" boolean not null default false,
    primary key ("post_id")
  )`,
  `create index "reminders_ended_index" on "reminders" ("ended")`,
];

/** What people are reminded of. */
export class CreateReminders extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Which task takes which other one back. None did before. */
export class AddReverts extends Migration {
  override up(): void {
    this.addSql(`alter table "story_tasks" add column "reverts" text null`);
    this.addSql(`alter table "story_tasks" add column "reverted_by" text null`);
    this.addSql(`create index "story_tasks_reverts_index" on "story_tasks" ("reverts")`);
  }
}

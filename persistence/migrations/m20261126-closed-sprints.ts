import { Migration } from '@mikro-orm/migrations';

/** When a sprint was closed, and what it came to. None was closed before. */
export class AddClosedSprints extends Migration {
  override up(): void {
    this.addSql(`alter table "sprints" add column "closed_at" timestamptz(3) null`);
    this.addSql(`alter table "sprints" add column "points" int null`);
    this.addSql(`alter table "sprints" add column "done_points" int null`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Whether a model is to read a conversation, and what came of it. Conversations from before were read by none. */
export class AddRefinement extends Migration {
  override up(): void {
    this.addSql(`alter table "inceptions" add column "refine" boolean not null default false`);
    this.addSql(`alter table "inceptions" alter column "refine" drop default`);
    this.addSql(`alter table "inceptions" add column "refinement" text null`);
  }
}

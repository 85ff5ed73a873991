import { Migration } from '@mikro-orm/migrations';

/** What waits for changes that a reviewer asked for is told apart from what is blocked, as the ledger always had it. */
export class TellChangesApart extends Migration {
  override up(): void {
    this.addSql(`update "story_tasks" set "waiting_kind" = 'changes'
      where "waiting_kind" = 'blocked' and (
        select "body"::json ->> 'code' from "ledger"
        where "type" = 'task.blocked' and "ledger"."task_id" = "story_tasks"."id"
        order by "seq" desc limit 1
      ) = 'changes-requested'`);
  }
}

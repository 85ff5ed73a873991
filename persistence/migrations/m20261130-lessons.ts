import { Migration } from '@mikro-orm/migrations';

const statements = [
  `create table "lessons" (
    "id" text not null,
    "project_id" text not null,
    "number" int not null,
    "origin" text not null,
    "kind" text not null,
    "scope_kind" text not null,
    "scope_key" text null,
    "repo_id" text null,
    "fingerprint" text null,
    "text" text not null,
    "text_artifact" text not null,
    "evidence" jsonb not null,
    "conflicts_with" jsonb not null,
    "status" text not null,
    "suspicions" jsonb not null,
    "retirement_proposed" boolean not null,
    "proposed_by" text not null,
    "proposed_at" timestamptz(3) not null,
    "worded_at" timestamptz(3) not null,
    "decided_by" text null,
    "decided_at" timestamptz(3) null,
    "expires_at" timestamptz(3) null,
    "kept_at" timestamptz(3) null,
    primary key ("id")
  )`,
  `alter table "lessons" add constraint "lessons_project_id_number_unique" unique ("project_id", "number")`,
  `create table "lesson_uses" (
    "id" text not null,
    "lesson_id" text not null,
    "task_id" text not null,
    "run_id" text not null,
    "attempt" int not null,
    "step" text not null,
    "persona" text not null,
    "at" timestamptz(3) not null,
    primary key ("id")
  )`,
  `create index "lesson_uses_lesson_id_index" on "lesson_uses" ("lesson_id")`,
  `create index "lesson_uses_task_id_index" on "lesson_uses" ("task_id")`,
  `create table "retrospectives" (
    "id" text not null,
    "project_id" text not null,
    "week" text not null,
    "from" timestamptz(3) not null,
    "until" timestamptz(3) not null,
    "is_quiet" boolean not null,
    "lesson_ids" jsonb not null,
    "artifact" text not null,
    "held_at" timestamptz(3) not null,
    primary key ("id")
  )`,
  `alter table "retrospectives" add constraint "retrospectives_project_id_week_unique" unique ("project_id", "week")`,
  `create table "incidents" (
    "id" text not null,
    "project_id" text not null,
    "source" text not null,
    "service" text not null,
    "signal" text not null,
    "severity" text not null,
    "fingerprint" text not null,
    "times" int not null,
    "first_at" timestamptz(3) not null,
    "last_at" timestamptz(3) not null,
    "after_task_id" text null,
    "after_sha" text null,
    "details_artifact" text not null,
    "conversation_id" text null,
    "status" text not null,
    "closed_by" text null,
    "closed_at" timestamptz(3) null,
    primary key ("id")
  )`,
  `create index "incidents_project_id_status_index" on "incidents" ("project_id", "status")`,
  `create index "incidents_conversation_id_index" on "incidents" ("conversation_id")`,
];

/** What the factory learns, its looks back, and the trouble that it is told of. */
export class CreateLessons extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

import { Migration } from '@mikro-orm/migrations';

const statements = [
  `create table "budget_raises" (
    "id" text not null,
    "scope" text not null,
    "key" text not null,
    "actor" text not null,
    "at" timestamptz(3) not null,
    primary key ("id")
  )`,
  `create index "budget_raises_scope_key_index" on "budget_raises" ("scope", "key")`,
  `create table "model_calls" (
    "id" text not null,
    "project_id" text not null,
    "conversation_id" text not null,
    "task_id" text null,
    "run_id" text null,
    "attempt" int not null,
    "step" text not null,
    "step_key" text not null,
    "persona" text not null,
    "model" text not null,
    "ordinal" int not null,
    "day" text not null,
    "state" text not null,
    "input_tokens" int not null,
    "cached_tokens" int not null,
    "output_tokens" int not null,
    "counted_tokens" int not null,
    "counted_micro_usd" int not null,
    "tool_calls" int not null,
    "tool_ms" double precision not null,
    "latency_ms" double precision not null,
    "finish" text null,
    "request_artifact" text not null,
    "answer_artifact" text null,
    "asked_at" timestamptz(3) not null,
    "answered_at" timestamptz(3) null,
    primary key ("id")
  )`,
  `create index "model_calls_task_id_index" on "model_calls" ("task_id")`,
  `create index "model_calls_step_key_index" on "model_calls" ("step_key")`,
  `create index "model_calls_day_index" on "model_calls" ("day")`,
  `create table "model_switches" (
    "id" text not null,
    "allowed" boolean not null,
    "actor" text not null,
    "at" timestamptz(3) not null,
    primary key ("id")
  )`,
];

/** What calls to a model cost, what people allowed beyond the budgets, and where a model may not read. */
export class CreateModelCalls extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

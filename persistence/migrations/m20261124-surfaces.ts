import { Migration } from '@mikro-orm/migrations';

const statements = [
  `create table "chat_threads" (
    "id" text not null,
    "conversation_id" text not null,
    "surface" text not null,
    "team" text not null,
    "channel" text not null,
    "root" text not null,
    primary key ("id")
  )`,
  `alter table "chat_threads" add constraint "chat_threads_conversation_id_unique" unique ("conversation_id")`,
  `create table "people" ("id" text not null, "name" text not null, primary key ("id"))`,
  `create table "project_channels" (
    "id" text not null,
    "project_id" text not null,
    "surface" text not null,
    "team" text not null,
    "channel" text not null,
    "name" text not null,
    "listen" text not null,
    "bound_at" timestamptz(3) not null,
    primary key ("id")
  )`,
  `create index "project_channels_project_id_index" on "project_channels" ("project_id")`,
  `create table "surface_posts" (
    "id" bigserial primary key,
    "surface" text not null,
    "team" text not null,
    "channel" text not null,
    "post_id" text not null,
    "message_id" text null,
    "due_version" int not null,
    "sent_version" int not null default 0,
    "left_out_version" int not null default 0,
    "left_out_reason" text null,
    "intended_at" timestamptz(3) null
  )`,
  `alter table "surface_posts" add constraint "surface_posts_surface_team_channel_post_id_unique" unique ("surface", "team", "channel", "post_id")`,
  `create index "surface_posts_due_index" on "surface_posts" ("surface", "id") where due_version > sent_version and due_version > left_out_version`,
  `create index "surface_posts_surface_team_channel_message_id_index" on "surface_posts" ("surface", "team", "channel", "message_id")`,
  `create index "surface_posts_post_id_index" on "surface_posts" ("post_id")`,
];

/** Channels and threads outside of the room, what is posted there, and the names of the people there. */
export class CreateSurfaces extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

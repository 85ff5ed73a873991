import { defineEntity, p } from '@mikro-orm/core';
import type { ChatThreadRow, ProjectChannelRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const ProjectChannel = defineEntity({
  name: 'ProjectChannel',
  tableName: 'project_channels',
  indexes: [{ properties: ['projectId'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    surface: p.text(),
    team: p.text(),
    channel: p.text(),
    name: p.text(),
    listen: p.text().$type<ProjectChannelRow['listen']>(),
    boundAt: time(),
  } satisfies Columns<ProjectChannelRow>,
});

export const ChatThread = defineEntity({
  name: 'ChatThread',
  tableName: 'chat_threads',
  uniques: [{ properties: ['conversationId'] }],
  properties: {
    id: p.text().primary(),
    conversationId: p.text(),
    surface: p.text(),
    team: p.text(),
    channel: p.text(),
    root: p.text(),
  } satisfies Columns<ChatThreadRow>,
});

/** What is to be posted outside of the room and what was: one row a post and place. */
export const SurfacePost = defineEntity({
  name: 'SurfacePost',
  tableName: 'surface_posts',
  uniques: [{ properties: ['surface', 'team', 'channel', 'postId'] }],
  indexes: [
    {
      name: 'surface_posts_due_index',
      properties: ['surface', 'id'],
      where: 'due_version > sent_version and due_version > left_out_version',
    },
    { properties: ['surface', 'team', 'channel', 'messageId'] },
    { properties: ['postId'] },
  ],
  properties: {
    id: p.bigint('number').primary(),
    surface: p.text(),
    team: p.text(),
    channel: p.text(),
    postId: p.text(),
    /** The surface's id of the message; null: it was not sent yet. */
    messageId: p.text().nullable(),
    dueVersion: p.integer(),
    /** 0: none. */
    sentVersion: p.integer().default(0),
    leftOutVersion: p.integer().default(0),
    leftOutReason: p.text().nullable(),
    intendedAt: time().nullable(),
  },
});

/** Display names of people on surfaces. The ledger holds their ids only, so that a name can be forgotten. */
export const Person = defineEntity({
  name: 'Person',
  tableName: 'people',
  properties: {
    /** `slack:U0123ABCD`. */
    id: p.text().primary(),
    name: p.text(),
  },
});

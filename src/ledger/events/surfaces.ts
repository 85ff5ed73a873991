import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { placeId, placeThreadId, surfaceNames } from '../place.ts';
import { insert, replace } from '../rows.ts';

const place = { surface: z.enum(surfaceNames), team: z.string(), channel: z.string() };

/** Where people chat outside of the room: the channels that projects work in, and the threads of their conversations. */
export const surfaceEvents = {
  /** Again for the same channel: another project, name or way of listening. */
  'channel.bound': defineEvent({
    version: 1,
    body: z.strictObject({ ...place, projectId: z.string(), name: z.string(), listen: z.enum(['mentions', 'all']) }),
    rows: ({ body, at }) => {
      const id = placeId(body);
      return [replace('project_channels', { id }, [{ id, ...body, boundAt: at }])];
    },
  }),
  'channel.unbound': defineEvent({
    version: 1,
    body: z.strictObject(place),
    rows: ({ body }) => [replace('project_channels', { id: placeId(body) }, [])],
  }),
  /** The conversation belongs to this thread from here on; it never moves. */
  'thread.joined': defineEvent({
    version: 1,
    body: z.strictObject({ ...place, root: z.string(), conversationId: z.string() }),
    rows: ({ body }) => [insert('chat_threads', { id: placeThreadId(body), ...body })],
  }),
};

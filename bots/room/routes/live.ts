import type { Hono } from 'hono';
import { openLiveStream } from '../live/stream.ts';
import { drawScope, parseScope } from '../live/scope.ts';
import { lookOf, type Room, type RoomEnv } from '../room.ts';

/** Digests are 22 signs; anything longer is not one of ours. */
const maxDigestChars = 64;

export function addLive(app: Hono<RoomEnv>, room: Room): void {
  app.get('/live', (c) => {
    const scope = parseScope((name) => c.req.query(name));
    if (scope === null) return c.body(null, 400);
    const look = lookOf(c, room);
    const seen = c.req.header('last-event-id') ?? c.req.query('seen') ?? null;
    const body = openLiveStream({
      desk: room.desk,
      draw: () => drawScope(room.desk, scope, look),
      seen: seen !== null && seen.length <= maxDigestChars ? seen : null,
      log: room.log,
    });
    return c.body(body, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  });
}

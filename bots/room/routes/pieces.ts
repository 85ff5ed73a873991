import type { Hono } from 'hono';
import { drawChanges } from '../live/changes.ts';
import { takeSnapshot } from '../live/drawn.ts';
import { drawScope, parseScope } from '../live/scope.ts';
import { lookOf, type Room, type RoomEnv } from '../room.ts';
import { drawChecks, drawMissing } from '../views/setup.ts';
import { drawWhy } from '../views/why.ts';

/** Nobody reads more sentences than this behind one item. */
const maxWhy = 50;

/** Parts of pages that are asked for when they are needed. */
export function addPieces(app: Hono<RoomEnv>, room: Room): void {
  app.get('/why', async (c) => {
    const positions = (c.req.query('at') ?? '')
      .split(',')
      .filter((part) => /^\d{1,9}$/.test(part))
      .map(Number)
      .slice(0, maxWhy);
    const said = positions.length === 0 ? [] : await room.desk.why(c.req.query('conversation') ?? '', positions);
    return c.html(drawWhy(said));
  });

  app.get('/setup/checks', async (c) => c.html(drawChecks(await room.desk.doctor())));

  app.get('/setup/missing', async (c) => c.html(drawMissing(await room.desk.doctor())));

  /** The rail, the banner and the title, for a page whose live line rests because nobody looks at it. */
  app.get('/rail', async (c) => {
    const scope = parseScope((name) => c.req.query(name));
    if (scope === null) return c.body(null, 400);
    const drawing = await drawScope(room.desk, scope, lookOf(c, room));
    if (drawing === null) return c.body(null, 204);
    const rail = {
      title: drawing.title,
      regions: drawing.regions.filter((region) => region.id === 'rail' || region.id === 'halt'),
      feed: null,
    };
    return c.html((await drawChanges(null, await takeSnapshot(rail))) ?? '');
  });
}

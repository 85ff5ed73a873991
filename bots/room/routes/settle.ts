import { wantsPiece, type RoomContext } from '../room.ts';

/** The deed made a new page: go there, with htmx or without. */
export function settle(c: RoomContext, url: string): Response {
  if (!wantsPiece(c)) return c.redirect(url, 303);
  c.header('hx-redirect', url);
  return c.body(null, 200);
}

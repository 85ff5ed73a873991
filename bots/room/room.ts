import type { Context } from 'hono';
import type { Desk } from '#src/desk/desk.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { Assets } from './assets.ts';
import type { LaterAnswers } from './later-answers.ts';
import type { Session } from './session.ts';
import type { Look } from './views/look.ts';

/** What the routes work with. */
export interface Room {
  desk: Desk;
  /** The person at the browser. */
  actor: string;
  /** Where the room is reached, `http://127.0.0.1:4747`. Asked at each request: the port is known after start. */
  origin: () => string;
  assets: Assets;
  log: Log;
  clock: Clock;
  /** Uploads rest here while they are read; each is removed afterwards. */
  uploadFolder: string;
  maxUploadBytes: number;
  newOriginId: () => string;
  later: LaterAnswers;
  /** GitHub is set up. */
  onGitHub: boolean;
}

export interface RoomEnv {
  Variables: { secureHeadersNonce?: string; session: Session };
}

export type RoomContext = Context<RoomEnv>;

export function lookOf(c: RoomContext, room: Room): Look {
  return { actor: room.actor, csrf: c.get('session').csrf, asset: room.assets.url, onGitHub: room.onGitHub };
}

/** htmx asks for a piece of the page; a browser without it for a page. */
export function wantsPiece(c: RoomContext): boolean {
  return c.req.header('hx-request') === 'true';
}

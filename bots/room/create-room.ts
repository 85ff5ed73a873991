import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Desk } from '#src/desk/desk.ts';
import { FactoryError, toErrorReport } from '#src/errors.ts';
import { systemClock, type Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import { loadAssets } from './assets.ts';
import { pageHeaders } from './guards/headers.ts';
import { createLaterAnswers } from './later-answers.ts';
import { wantsPiece, type Room, type RoomContext, type RoomEnv } from './room.ts';
import { addBeginnings } from './routes/begin.ts';
import { addDeeds } from './routes/deeds.ts';
import { exchangeToken, guardCsrf, guardHost, guardSender, limitForms, requireSession } from './routes/entrance.ts';
import { addLive } from './routes/live.ts';
import { addPages } from './routes/pages.ts';
import { addPieces } from './routes/pieces.ts';
import { createSessions } from './session.ts';
import { drawProblem } from './views/problem.ts';
import { drawPlainPage } from './views/shell.ts';

export interface RoomOptions {
  desk: Desk;
  /** Whoever opens the printed address acts under this name. */
  actor: string;
  /** At least 128 random bits. Whoever holds it may come in. */
  token: string;
  /** Where the room is reached, for example `http://127.0.0.1:4747`; asked at each request. */
  origin: () => string;
  /** A folder of the room's own, where uploads rest while they are read. Made when it is needed. */
  uploadFolder: string;
  log: Log;
  /** GitHub is set up, so its repositories can be named. */
  onGitHub?: boolean;
  clock?: Clock;
  maxUploadBytes?: number;
}

/** Exports of years hold pictures; the intake reads up to 8 GiB unpacked, and a zip of text packs about 5:1. */
const defaultMaxUploadBytes = 2 * 1024 * 1024 * 1024;

/** Shorter tokens could be guessed. */
const minTokenChars = 22;

/** The room: a local page that reads like a chat. Serves every request of `infra/http`; never rejects. */
export function createRoom(options: RoomOptions): (request: Request) => Promise<Response> {
  if (options.token.length < minTokenChars) {
    throw new FactoryError(
      'room-token-short',
      `The room's token has fewer than ${minTokenChars} signs and could be guessed.`,
      { fix: 'Make it from at least 128 random bits.' },
    );
  }
  const assets = loadAssets();
  const room: Room = {
    desk: options.desk,
    actor: options.actor,
    origin: options.origin,
    assets,
    log: options.log,
    clock: options.clock ?? systemClock,
    uploadFolder: options.uploadFolder,
    maxUploadBytes: options.maxUploadBytes ?? defaultMaxUploadBytes,
    newOriginId: randomUUID,
    later: createLaterAnswers(),
    onGitHub: options.onGitHub ?? false,
  };
  const sessions = createSessions(options.token);
  const app = new Hono<RoomEnv>();

  app.use(pageHeaders());
  app.use(guardHost(room));
  app.use(guardSender(room));
  app.get('/assets/:version/*', (c) => {
    const asset = assets.get(c.req.path.split('/').slice(3).join('/'));
    if (asset === null) return c.notFound();
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
  app.use(exchangeToken(room, sessions));
  app.use(requireSession(room, sessions));
  app.use(limitForms(room));
  app.use(guardCsrf(room));

  addPages(app, room);
  addPieces(app, room);
  addLive(app, room);
  addDeeds(app, room);
  addBeginnings(app, room);

  const tell = (
    c: RoomContext,
    status: 404 | 422 | 500,
    report: { message: string; fix: string },
  ): Response | Promise<Response> => {
    const problem = drawProblem({ code: 'problem', ...report });
    if (wantsPiece(c)) return c.html(problem, status);
    return c.html(
      drawPlainPage('That did not work', html`${problem}<p><a href="/">To the start</a></p>`, { asset: assets.url }),
      status,
    );
  };

  app.notFound((c) =>
    tell(c, 404, {
      message: 'There is nothing at this address.',
      fix: 'Go to the start and look for it in the list at the side.',
    }),
  );
  app.onError((error, c) => {
    const { error: report } = toErrorReport(error);
    if (error instanceof FactoryError) return tell(c, error.code === 'not-found' ? 404 : 422, report);
    room.log.error({ error: error.stack ?? report.message, path: c.req.path }, 'The room failed to answer.');
    return tell(c, 500, {
      message: 'Something went wrong in the workbench itself.',
      fix: 'Try once more. If it stays, look at its log.',
    });
  });

  return async (request) => app.fetch(request);
}

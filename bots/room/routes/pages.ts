import type { Hono } from 'hono';
import { html } from 'hono/html';
import { FactoryError } from '#src/errors.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { feedOf, region, takeSnapshot, type Snapshot } from '../live/drawn.ts';
import { drawScope, feedId, headId, listsId, liveUrl, type Scope, type ScopeDrawing } from '../live/scope.ts';
import type { Html } from '../html.ts';
import { lookOf, type Room, type RoomContext, type RoomEnv } from '../room.ts';
import { threadUrl } from '../urls.ts';
import { drawComposer } from '../views/composer.ts';
import { drawConversation } from '../views/conversation.ts';
import { drawDiff, openApproval } from '../views/diff.ts';
import { drawLedger } from '../views/ledger.ts';
import { drawReflection } from '../views/reflection.ts';
import { reflectionPages } from '../views/reflection-pages.ts';
import { drawRun } from '../views/run.ts';
import { drawSetup } from '../views/setup.ts';
import { drawRepository } from '../views/repository.ts';
import { drawShell, emptySide, liveLine } from '../views/shell.ts';
import { drawOwn, drawSample, drawStart } from '../views/start.ts';

/** The ledger page shows this many of the newest facts. */
const recentFacts = 200;

interface Shown {
  snapshot: Snapshot;
  drawing: ScopeDrawing;
  live: string;
}

async function show(c: RoomContext, room: Room, scope: Scope): Promise<Shown> {
  const drawing = await drawScope(room.desk, scope, lookOf(c, room));
  if (drawing === null) throw notThere();
  const snapshot = await takeSnapshot(drawing);
  return { snapshot, drawing, live: liveUrl(scope, snapshot.digest) };
}

function notThere(): FactoryError {
  return new FactoryError('not-found', 'There is nothing at this address.', {
    fix: 'Go to the start and look for it in the list at the side.',
  });
}

export function addPages(app: Hono<RoomEnv>, room: Room): void {
  const page = (
    c: RoomContext,
    shown: Shown,
    parts: { main: Html; side?: Html; mainFirst?: boolean; importUrl?: string | null },
  ): Response | Promise<Response> =>
    c.html(
      drawShell(
        {
          title: shown.snapshot.title,
          rail: region(shown.snapshot, 'rail'),
          halt: region(shown.snapshot, 'halt'),
          main: parts.main,
          side: parts.side ?? null,
          live: shown.live,
          mainFirst: parts.mainFirst ?? false,
          importUrl: parts.importUrl ?? null,
          maxUploadBytes: room.maxUploadBytes,
        },
        lookOf(c, room),
        c.get('secureHeadersNonce') ?? '',
      ),
    );

  /** What is read in the middle, from top to bottom, with the composer under it. */
  const threadMain = (c: RoomContext, { snapshot, drawing }: Shown): Html => {
    const look = lookOf(c, room);
    const { thread, project } = drawing;
    if (thread === null) throw notThere();
    const isChannel = thread.thread.kind === 'project';
    const importUrl = project === null ? null : `${threadUrl({ kind: 'project', id: project.id })}/import`;
    const feed = html`<div class="feed" id="${feedId(thread.thread)}">${feedOf(snapshot)}</div>`;
    const lists = project === null ? '' : region(snapshot, listsId(project.id));
    return html`${region(snapshot, headId(thread.thread))}
      <div class="scroll" ${isChannel ? '' : html`data-follow`}><div class="column">${
        isChannel
          ? html`${project === null ? '' : drawRepository(project, look)}${lists}${feed}`
          : html`${drawConversation(thread, look)}${feed}${lists}`
      }</div></div>
      ${drawComposer(thread.thread, look, {
        originId: room.newOriginId(),
        placeholder: isChannel ? 'Write an idea, or drop an export' : 'Say something',
        importUrl: isChannel ? importUrl : null,
      })}`;
  };

  const taskSide = (c: RoomContext, shown: Shown, close: { href: string; inPlace: boolean }, focus: boolean): Html => {
    const { snapshot, drawing, live } = shown;
    const { thread } = drawing;
    if (thread === null) throw notThere();
    const inPlace = close.inPlace
      ? html`hx-get="/side/none" hx-target="#side" hx-swap="outerHTML" hx-push-url="${close.href}"`
      : '';
    return html`<aside id="side" class="side" aria-labelledby="${headId(thread.thread)}-title" data-thread="${thread.thread.id}" ${focus ? 'data-arrive' : ''}>${liveLine(live)}<div class="side-bar"><a class="button plain close" href="${close.href}" ${inPlace}>Close</a></div>${region(snapshot, headId(thread.thread))}<div class="scroll" data-follow><div class="column"><div class="feed" id="${feedId(thread.thread)}">${feedOf(snapshot)}</div></div></div>${drawComposer(
      thread.thread,
      lookOf(c, room),
      { originId: room.newOriginId(), placeholder: 'Steer this task', importUrl: null },
    )}</aside>`;
  };

  const still = (pageName: Scope['page'], projectId: string | null = null): Scope => ({
    page: pageName,
    thread: null,
    projectId,
    rail: true,
  });
  const ofThread = (thread: ThreadRef, rail: boolean): Scope => ({ page: 'thread', thread, projectId: null, rail });
  const task = (id: string): ThreadRef => ({ kind: 'task', id });

  app.get('/', async (c) => {
    const shown = await show(c, room, still('home'));
    const { projects } = await room.desk.overview(room.actor);
    const look = lookOf(c, room);
    const main =
      projects.length === 0
        ? drawStart(look)
        : html`${region(shown.snapshot, 'home-lists')}<details class="fold another"><summary>Start another project</summary>${drawOwn(look, false)}${drawSample(look, 'plain')}</details>`;
    return page(c, shown, {
      main: html`<div class="scroll"><div class="column page">${main}</div></div>`,
      importUrl: '/import',
    });
  });

  app.get('/projects/:id', async (c) => {
    const id = c.req.param('id');
    const shown = await show(c, room, ofThread({ kind: 'project', id }, true));
    return page(c, shown, { main: threadMain(c, shown), importUrl: `${threadUrl({ kind: 'project', id })}/import` });
  });

  for (const { page: name } of reflectionPages) {
    app.get(`/projects/:id/${name}`, async (c) => {
      const id = c.req.param('id');
      const view = await room.desk.reflection(id, name);
      if (view === null) throw notThere();
      const shown = await show(c, room, still(name, id));
      const main = drawReflection(id, name, view, lookOf(c, room));
      return page(c, shown, { main: html`<div class="scroll"><div class="column page">${main}</div></div>` });
    });
  }

  app.get('/ideas/:id', async (c) => {
    const shown = await show(c, room, ofThread({ kind: 'idea', id: c.req.param('id') }, true));
    return page(c, shown, { main: threadMain(c, shown) });
  });

  app.get('/tasks/:id', async (c) => {
    const side = await show(c, room, ofThread(task(c.req.param('id')), false));
    const behind = behindTask(side);
    const main = await show(c, room, ofThread(behind, true));
    return page(c, main, {
      main: threadMain(c, main),
      side: taskSide(c, side, { href: threadUrl(behind), inPlace: true }, false),
    });
  });

  app.get('/tasks/:id/panel', async (c) => {
    const side = await show(c, room, ofThread(task(c.req.param('id')), false));
    return c.html(taskSide(c, side, { href: pathBehind(c) ?? threadUrl(behindTask(side)), inPlace: true }, true));
  });

  app.get('/side/none', (c) => c.html(emptySide()));

  /** The task stays beside its diff and its run, with its buttons. */
  const besideTask = async (
    c: RoomContext,
    id: string,
    draw: (side: Shown) => Promise<Html | null>,
  ): Promise<Response> => {
    const side = await show(c, room, ofThread(task(id), false));
    const main = await draw(side);
    if (main === null) throw notThere();
    const shown = await show(c, room, still('thread', side.drawing.thread?.projectId ?? null));
    return page(c, shown, {
      main: html`<div class="scroll"><div class="column wide page">${main}</div></div>`,
      side: taskSide(c, side, { href: threadUrl(task(id)), inPlace: false }, false),
      mainFirst: true,
    });
  };

  app.get('/tasks/:id/diff', (c) =>
    besideTask(c, c.req.param('id'), async (side) => {
      const view = await room.desk.diff(c.req.param('id'));
      return view === null
        ? drawNoDiff(c.req.param('id'))
        : drawDiff(view, openApproval(side.drawing.thread?.posts ?? []), lookOf(c, room));
    }),
  );

  app.get('/tasks/:id/run', (c) =>
    besideTask(c, c.req.param('id'), async () => {
      const view = await room.desk.run(c.req.param('id'));
      return view === null ? null : drawRun(view, lookOf(c, room));
    }),
  );

  app.get('/ledger', async (c) => {
    const shown = await show(c, room, still('ledger'));
    const view = await room.desk.ledger(recentFacts);
    return page(c, shown, { main: html`<div class="scroll"><div class="column page">${drawLedger(view)}</div></div>` });
  });

  app.get('/setup', async (c) => {
    const shown = await show(c, room, still('setup'));
    return page(c, shown, { main: html`<div class="scroll"><div class="column page">${drawSetup()}</div></div>` });
  });
}

/** What a task stands beside: the idea that it came from, else its project. */
function behindTask(side: Shown): ThreadRef {
  return side.drawing.thread?.idea ?? { kind: 'project', id: side.drawing.thread?.projectId ?? '' };
}

function drawNoDiff(taskId: string): Html {
  return html`<header class="page-head"><h1>No change yet</h1><p class="teach">This task has not come far enough to show a diff.</p><p><a href="${threadUrl({ kind: 'task', id: taskId })}">Back to the task</a></p></header>`;
}

/** The page that asked for the panel, to go back to when it closes. Only a path of ours. */
function pathBehind(c: RoomContext): string | null {
  try {
    const path = new URL(c.req.header('hx-current-url') ?? '').pathname;
    return path.startsWith('/tasks/') || path.startsWith('//') ? null : path;
  } catch {
    return null;
  }
}

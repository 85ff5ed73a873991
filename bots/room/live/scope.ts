import { html } from 'hono/html';
import { wordsForTask } from '#src/desk/cards/task-words.ts';
import type { Desk, Overview, ProjectView, ReflectionPage, ThreadView } from '#src/desk/desk.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { drawPosts } from '../cards/post.ts';
import { nothing, type Html } from '../html.ts';
import { stagesOf } from '../stage.ts';
import { diffUrl, domId, parseThreadName, runUrl, threadName, threadUrl } from '../urls.ts';
import { drawHalt } from '../views/halt.ts';
import { drawIdeas, drawSprintLine, drawTasks, stateTone } from '../views/lists.ts';
import type { Look } from '../views/look.ts';
import { drawRail, drawWaiting, pageTitle, type Here } from '../views/rail.ts';
import { drawReflectionLinks } from '../views/reflection.ts';
import { isReflectionPage } from '../views/reflection-pages.ts';
import { inline } from '../views/text.ts';
import type { Drawing } from './drawn.ts';

/** What one live line follows. `rail`: only the rail, for pages that stand still. */
export interface Scope {
  thread: ThreadRef | null;
  page: 'home' | 'ledger' | 'setup' | 'thread' | ReflectionPage;
  /** The project that the rail opens, when the thread does not say. */
  projectId: string | null;
  rail: boolean;
}

export function liveUrl(scope: Scope, seen: string): string {
  const query = new URLSearchParams({ page: scope.page, seen });
  if (scope.thread !== null) query.set('thread', threadName(scope.thread));
  if (scope.projectId !== null) query.set('project', scope.projectId);
  if (!scope.rail) query.set('rail', 'no');
  return `/live?${query.toString()}`;
}

export function parseScope(query: (name: string) => string | undefined): Scope | null {
  const page = query('page') ?? '';
  const thread = parseThreadName(query('thread') ?? '');
  const isOfHouse = page === 'home' || page === 'ledger' || page === 'setup' || page === 'thread';
  if (!isOfHouse && !isReflectionPage(page)) return null;
  return { page, thread, projectId: query('project') ?? null, rail: query('rail') !== 'no' };
}

export const headId = (thread: ThreadRef): string => domId('head', thread.kind, thread.id);
export const feedId = (thread: ThreadRef): string => domId('feed', thread.kind, thread.id);
export const listsId = (projectId: string): string => domId('lists', projectId);

/** A drawing, with the facts that it was made from. */
export interface ScopeDrawing extends Drawing {
  thread: ThreadView | null;
  project: ProjectView | null;
}

/** Null when the thread is not there. */
export async function drawScope(desk: Desk, scope: Scope, look: Look): Promise<ScopeDrawing | null> {
  const [overview, thread] = await Promise.all([
    scope.rail ? desk.overview(look.actor) : null,
    scope.thread === null ? null : desk.thread(scope.thread),
  ]);
  if (scope.thread !== null && thread === null) return null;
  const projectId = thread?.projectId ?? scope.projectId;
  const project = projectId === null ? null : await desk.project(projectId);
  const regions: Drawing['regions'] = [];
  if (overview !== null) {
    const here = hereOf(scope);
    regions.push({ id: 'rail', html: drawRail(overview, project, here) });
    regions.push({ id: 'halt', html: drawHalt(overview.halt) });
    if (scope.page === 'home') regions.push({ id: 'home-lists', html: drawHomeLists(overview) });
  }
  if (thread !== null) {
    regions.push({ id: headId(thread.thread), html: drawHead(thread, project) });
    if (thread.thread.kind !== 'task' && project !== null) {
      regions.push({ id: listsId(project.id), html: drawLists(thread, project) });
    }
  }
  return {
    title: overview === null ? '' : pageTitle(overview, thread?.title ?? placeNames[scope.page]),
    regions,
    feed: thread === null ? null : { id: feedId(thread.thread), posts: drawPosts(thread.posts, look) },
    thread,
    project,
  };
}

function hereOf({ thread, page, projectId }: Scope): Here {
  if (thread !== null) return thread;
  return isReflectionPage(page) ? { kind: page, id: projectId ?? '' } : { kind: page };
}

const placeNames: Readonly<Record<Scope['page'], string | null>> = {
  home: null,
  ledger: 'Ledger',
  setup: 'Set-up',
  thread: null,
  lessons: 'Lessons',
  retrospectives: 'Retrospectives',
  incidents: 'Incidents',
};

function drawHomeLists(overview: Overview): Html {
  return html`<div id="home-lists"><section aria-labelledby="waits-title"><h1 id="waits-title">Waits for you</h1>${drawWaiting(overview)}</section>
    <section aria-labelledby="projects-title"><h2 id="projects-title">Projects</h2><ul class="rows">${overview.projects.map(
      (project) =>
        html`<li><a class="row" data-step href="${threadUrl({ kind: 'project', id: project.id })}"><span class="row-text" dir="auto">${project.name}</span> <span class="quiet">${project.repository === null ? 'no repository yet' : html`<bdi>${project.repository.path}</bdi> on <bdi>${project.repository.baseBranch}</bdi>`}</span></a></li>`,
    )}</ul></section></div>`;
}

/** The head of a thread: what it is, where its work goes, how far it has come. */
function drawHead(view: ThreadView, project: ProjectView | null): Html {
  const { thread } = view;
  const id = headId(thread);
  if (thread.kind === 'task') {
    const task = project?.tasks.find((one) => one.taskId === thread.id);
    return html`<header class="thread-head" id="${id}"><h2 class="thread-title" id="${id}-title" tabindex="-1">${task === undefined ? 'Task' : `Task ${task.number}`} · <bdi>${view.title}</bdi></h2><p class="thread-facts">${task === undefined ? nothing : html`<span class="state ${stateTone(task)}">${wordsForTask(task)}</span> `}<a href="${diffUrl(thread.id)}">Diff</a> <a href="${runUrl(thread.id)}">Run</a></p>${task?.waitingText == null ? nothing : html`<p class="row-waiting" dir="auto">${inline(firstSentence(task.waitingText))}</p>`}</header>`;
  }
  const repository =
    project === null || project.repository === null
      ? html`<span class="repo none">no repository yet</span>`
      : html`<span class="repo" title="${project.repository.path}">${lastPart(project.repository.path)} <span class="branch">on ${project.repository.baseBranch}</span></span>`;
  const title =
    thread.kind === 'project'
      ? html`<h1 class="thread-title"><span class="hash" aria-hidden="true">#</span> <bdi>${view.title}</bdi></h1>`
      : html`<h1 class="thread-title"><bdi>${view.title}</bdi></h1>`;
  const crumb =
    thread.kind === 'idea' && project !== null
      ? html`<a class="crumb" href="${threadUrl({ kind: 'project', id: project.id })}"># <bdi>${project.name}</bdi></a>`
      : nothing;
  return html`<header class="thread-head" id="${id}"><div class="title-line">${title}<p class="where">${crumb} ${repository}</p></div>${thread.kind === 'idea' ? drawStages(view, project) : nothing}</header>`;
}

/** What is needed at a glance; the card below says it in full. */
function firstSentence(text: string): string {
  return /^.*?[.?](?=\s)/s.exec(text)?.[0] ?? text;
}

function lastPart(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
}

function drawStages(view: ThreadView, project: ProjectView | null): Html {
  const states = (project?.tasks ?? [])
    .filter((task) => task.conversationId === view.thread.id)
    .map((task) => task.state);
  const says = { done: 'done', now: 'here now', todo: 'to come' } as const;
  return html`<ol class="stages" aria-label="How far it has come">${stagesOf(view.posts, states).map(
    (stage) =>
      html`<li class="stage ${stage.state}" ${stage.state === 'now' ? html`aria-current="step"` : nothing}><span aria-hidden="true">${stage.sign}</span> ${stage.label}<span class="unseen">, ${says[stage.state]}</span></li>`,
  )}</ol>`;
}

/** In a channel: sprint, tasks, ideas. An idea needs none: Tess's own card lists its tasks. */
function drawLists(view: ThreadView, project: ProjectView): Html {
  if (view.thread.kind === 'idea') return html`<div class="lists" id="${listsId(project.id)}"></div>`;
  return html`<div class="lists" id="${listsId(project.id)}">${drawSprintLine(project)}${drawTasks(project.tasks, 'Tasks')}${drawIdeas(project)}${drawReflectionLinks(project.id, null)}${
    project.ideas.length === 0
      ? html`<p class="teach">Nothing is here yet. Write an idea below, or drop an exported conversation anywhere on this page.</p>`
      : nothing
  }</div>`;
}

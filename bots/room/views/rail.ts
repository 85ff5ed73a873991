import { html } from 'hono/html';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { Overview, ProjectView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { threadUrl } from '../urls.ts';
import { inline } from './text.ts';
import { dayAndTime } from './time.ts';

/** What the rail marks as open: a thread, or one of the pages of the house. `thread` alone marks nothing. */
export type Here = ThreadRef | { kind: 'home' | 'ledger' | 'setup' | 'thread' };

/** How many ideas of the open project the rail lists; the rest stand on the project's page. */
const ideasShown = 8;

function current(here: Here, kind: Here['kind'], id?: string): Html {
  const is = here.kind === kind && (id === undefined || ('id' in here && here.id === id));
  return is ? html`aria-current="page"` : nothing;
}

/** What waits for me first, then where I can go. */
export function drawRail(overview: Overview, project: ProjectView | null, here: Here): Html {
  return html`<nav id="rail" class="rail" popover="auto" aria-label="Workbench" data-waiting="${overview.waiting.length}">
    <a class="home" href="/" ${current(here, 'home')}>Workbench</a>
    <section class="rail-part waiting" aria-label="Waits for you"><h2>Waits for you${overview.waiting.length === 0 ? nothing : html` <span class="count">${overview.waiting.length}</span>`}</h2>${
      overview.waiting.length === 0
        ? html`<p class="quiet">Nothing at the moment.</p>`
        : html`<ul>${overview.waiting.map((item) => html`<li><a href="${threadUrl(item.thread)}" ${current(here, item.thread.kind, item.thread.id)}><span dir="auto">${inline(item.text)}</span></a></li>`)}</ul>`
    }</section>
    <section class="rail-part" aria-label="Projects"><h2>Projects</h2><ul>${overview.projects.map(
      (item) =>
        html`<li><a href="${threadUrl({ kind: 'project', id: item.id })}" ${current(here, 'project', item.id)}><span class="hash" aria-hidden="true">#</span><span class="name" dir="auto">${item.name}</span>${item.active ? html`<span class="active" role="img" aria-label="active"></span>` : nothing}</a>${
          project?.id === item.id ? drawIdeas(project, here) : nothing
        }</li>`,
    )}</ul>${overview.projects.length === 0 ? html`<p class="quiet">None yet.</p>` : nothing}</section>
    ${project === null || project.sprint === null ? nothing : drawSprint(project)}
    <section class="rail-part rail-foot" aria-label="The house"><ul><li><a href="/ledger" ${current(here, 'ledger')}>Ledger</a></li><li><a href="/setup" ${current(here, 'setup')}>Set-up</a></li></ul>
    <p class="keys quiet"><span><kbd>/</kbd> type</span><span><kbd>j</kbd> <kbd>k</kbd> move</span><span><kbd>Enter</kbd> open</span><span><kbd>Esc</kbd> back</span></p></section></nav>`;
}

function drawIdeas(project: ProjectView, here: Here): Html {
  if (project.ideas.length === 0) return nothing;
  const shown = project.ideas.slice(0, ideasShown);
  const rest = project.ideas.length - shown.length;
  return html`<ul class="ideas">${shown.map(
    (idea) =>
      html`<li><a href="${threadUrl({ kind: 'idea', id: idea.conversationId })}" ${current(here, 'idea', idea.conversationId)} title="${idea.title}"><span class="name" dir="auto">${idea.title}</span></a></li>`,
  )}${rest === 0 ? nothing : html`<li><a class="quiet" href="${threadUrl({ kind: 'project', id: project.id })}">${rest} more</a></li>`}</ul>`;
}

function drawSprint(project: ProjectView): Html {
  const sprint = project.sprint;
  if (sprint === null) return nothing;
  return html`<section class="rail-part" aria-label="Sprint"><h2>Sprint ${sprint.number}</h2><p class="sprint"><span dir="auto">${inline(sprint.goal)}</span><progress max="${Math.max(sprint.points, 1)}" value="${sprint.donePoints}" aria-label="Points done"></progress><span class="quiet">${sprint.donePoints} of ${sprint.points} points · ${daysLeft(sprint.daysLeft)}</span></p></section>`;
}

export function daysLeft(days: number): string {
  if (days <= 0) return 'ends today';
  return days === 1 ? '1 day left' : `${days} days left`;
}

/** `(2) Workbench`, then where one is. */
export function pageTitle(overview: Overview, place: string | null): string {
  const waiting = overview.waiting.length === 0 ? '' : `(${overview.waiting.length}) `;
  return `${waiting}Workbench${place === null ? '' : ` · ${place}`}`;
}

/** The list of the home page; the same items with since when. */
export function drawWaiting(overview: Overview): Html {
  if (overview.waiting.length === 0) return html`<p class="quiet">Nothing waits for you.</p>`;
  return html`<ul class="rows">${overview.waiting.map(
    (item) =>
      html`<li><a class="row" data-step href="${threadUrl(item.thread)}"><span class="row-text" dir="auto">${inline(item.text)}</span> <span class="quiet">since ${dayAndTime(item.since)}</span></a></li>`,
  )}</ul>`;
}

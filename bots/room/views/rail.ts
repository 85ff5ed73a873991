import { html } from 'hono/html';
import type { ThreadRef } from '#src/ports/chat.ts';
import { pointsWords } from '#src/desk/cards/sprint-card.ts';
import type { Overview, ProjectView, ReflectionPage, WaitingItem } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { reflectionUrl, threadUrl } from '../urls.ts';
import { reflectionPages } from './reflection-pages.ts';
import { inline } from './text.ts';
import { dayAndTime } from './time.ts';

/** What the rail marks as open: a thread, or one of the pages of the house. `thread` alone marks nothing. */
export type Here = ThreadRef | { kind: ReflectionPage; id: string } | { kind: 'home' | 'ledger' | 'setup' | 'thread' };

/** How many ideas of the open project the rail lists; the rest stand on the project's page. */
const ideasShown = 8;
/** Of what waits for others; the home page lists them all. */
const othersShown = 5;

function current(here: Here, kind: Here['kind'], id?: string): Html {
  const is = here.kind === kind && (id === undefined || ('id' in here && here.id === id));
  return is ? html`aria-current="page"` : nothing;
}

/** What waits for me first, then where I can go. */
export function drawRail(overview: Overview, project: ProjectView | null, here: Here): Html {
  const mine = overview.waiting.filter(({ isMine }) => isMine);
  const others = overview.waiting.filter(({ isMine }) => !isMine);
  return html`<nav id="rail" class="rail" popover="auto" aria-label="Workbench" data-waiting="${mine.length}">
    <a class="home" href="/" ${current(here, 'home')}>Workbench</a>
    <section class="rail-part waiting" aria-label="Waits for you"><h2>Waits for you${mine.length === 0 ? nothing : html` <span class="count">${mine.length}</span>`}</h2>${
      mine.length === 0
        ? html`<p class="quiet">Nothing at the moment.</p>`
        : html`<ul>${mine.map((item) => drawItem(item, here))}</ul>`
    }</section>
    ${others.length === 0 ? nothing : html`<section class="rail-part waiting" aria-label="Waits for others"><h2>Waits for others</h2><ul>${others.slice(0, othersShown).map((item) => drawItem(item, here))}${others.length > othersShown ? html`<li><a class="quiet" href="/">${others.length - othersShown} more</a></li>` : nothing}</ul></section>`}
    <section class="rail-part" aria-label="Projects"><h2>Projects</h2><ul>${overview.projects.map(
      (item) =>
        html`<li><a href="${threadUrl({ kind: 'project', id: item.id })}" ${current(here, 'project', item.id)}><span class="hash" aria-hidden="true">#</span><span class="name" dir="auto">${item.name}</span>${item.active ? html`<span class="active" role="img" aria-label="active"></span>` : nothing}</a>${
          project?.id === item.id ? drawIdeas(project, here) : nothing
        }</li>`,
    )}</ul>${overview.projects.length === 0 ? html`<p class="quiet">None yet.</p>` : nothing}</section>
    ${project === null || project.sprint === null ? nothing : drawSprint(project)}
    ${project === null ? nothing : drawReflection(project, here)}
    <section class="rail-part rail-foot" aria-label="The house"><ul><li><a href="/ledger" ${current(here, 'ledger')}>Ledger</a></li><li><a href="/setup" ${current(here, 'setup')}>Set-up</a></li></ul>
    <p class="keys quiet"><span><kbd>/</kbd> type</span><span><kbd>j</kbd> <kbd>k</kbd> move</span><span><kbd>Enter</kbd> open</span><span><kbd>Esc</kbd> back</span></p></section></nav>`;
}

function drawItem(item: WaitingItem, here: Here): Html {
  return html`<li><a href="${threadUrl(item.thread)}" ${current(here, item.thread.kind, item.thread.id)}><span dir="auto">${inline(item.text)}</span></a></li>`;
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
  return html`<section class="rail-part" aria-label="Sprint"><h2>Sprint ${sprint.number}</h2><p class="sprint"><span dir="auto">${inline(sprint.goal)}</span>${drawProgress(sprint)}<span class="quiet">${pointsWords(sprint)} · ${daysLeft(sprint.daysLeft)}</span></p></section>`;
}

function drawReflection({ id }: ProjectView, here: Here): Html {
  return html`<section class="rail-part" aria-label="What came of it"><h2>What came of it</h2><ul>${reflectionPages.map(
    ({ page, name }) => html`<li><a href="${reflectionUrl(id, page)}" ${current(here, page, id)}>${name}</a></li>`,
  )}</ul></section>`;
}

/** Nothing to fill, no bar. */
export function drawProgress({ points, donePoints }: NonNullable<ProjectView['sprint']>): Html {
  return points === 0
    ? nothing
    : html`<progress max="${points}" value="${donePoints}" aria-label="Points done"></progress>`;
}

export function daysLeft(days: number): string {
  if (days <= 0) return 'ends today';
  return days === 1 ? '1 day left' : `${days} days left`;
}

/** `(2) Workbench`, then where one is. */
export function pageTitle(overview: Overview, place: string | null): string {
  const mine = overview.waiting.filter(({ isMine }) => isMine).length;
  const waiting = mine === 0 ? '' : `(${mine}) `;
  return `${waiting}Workbench${place === null ? '' : ` · ${place}`}`;
}

/** The list of the home page; the same items with since when. */
export function drawWaiting(overview: Overview): Html {
  const mine = overview.waiting.filter(({ isMine }) => isMine);
  const others = overview.waiting.filter(({ isMine }) => !isMine);
  return html`${mine.length === 0 ? html`<p class="quiet">Nothing waits for you.</p>` : drawRows(mine)}${
    others.length === 0 ? nothing : html`<h2>Waits for others</h2>${drawRows(others)}`
  }`;
}

function drawRows(items: readonly WaitingItem[]): Html {
  return html`<ul class="rows">${items.map(
    (item) =>
      html`<li><a class="row" data-step href="${threadUrl(item.thread)}"><span class="row-text" dir="auto">${inline(item.text)}</span> <span class="quiet">${item.isMine ? nothing : html`for <bdi>${item.whom.join(', ')}</bdi>, `}since ${dayAndTime(item.since)}</span></a></li>`,
  )}</ul>`;
}

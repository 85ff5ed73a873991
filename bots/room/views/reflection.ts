import { html } from 'hono/html';
import type { ReflectionPage, ReflectionView } from '#src/desk/desk.ts';
import { drawPosts } from '../cards/post.ts';
import { nothing, type Html } from '../html.ts';
import { domId, reflectionUrl, threadUrl } from '../urls.ts';
import type { Look } from './look.ts';
import { reflectionPages } from './reflection-pages.ts';
import { inline } from './text.ts';

/** The part of such a page that is drawn again after a press. */
export const REFLECTION_ID = 'reflection';

/** What a project learned, how its weeks went, or what is not well: the same cards as in its channel, with their buttons. */
export function drawReflection(projectId: string, page: ReflectionPage, view: ReflectionView, look: Look): Html {
  const about = reflectionPages.find((one) => one.page === page);
  const project = threadUrl({ kind: 'project', id: projectId });
  return html`<header class="page-head"><p class="crumb"><a href="${project}"># <bdi>${view.name}</bdi></a></p><h1>${about?.name}</h1>${drawReflectionLinks(projectId, page)}</header>
    ${drawReflectionPosts(projectId, page, view, look)}${view.groups.length > 0 ? nothing : html`<p class="teach">${inline(about?.empty ?? '')}</p>`}`;
}

export function drawReflectionPosts(projectId: string, page: ReflectionPage, view: ReflectionView, look: Look): Html {
  const own = { ...look, pressUrl: reflectionUrl(projectId, page) };
  return html`<div class="reflection" id="${REFLECTION_ID}">${view.groups.map(({ title, posts }, index) => {
    const id = domId(REFLECTION_ID, index);
    const feed = html`<div class="feed">${drawPosts(posts, own).map((post) => post.html)}</div>`;
    return title === null ? feed : html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${feed}</section>`;
  })}</div>`;
}

/** `here`: the one that is being read; null: none of them. */
export function drawReflectionLinks(projectId: string, here: ReflectionPage | null): Html {
  return html`<ul class="reflection-links" aria-label="What came of it">${reflectionPages.map(
    ({ page, name }) =>
      html`<li><a href="${reflectionUrl(projectId, page)}" ${page === here ? html`aria-current="page"` : nothing}>${name}</a></li>`,
  )}</ul>`;
}

import { html, raw } from 'hono/html';
import { nothing, toText } from '../html.ts';
import type { Snapshot } from './drawn.ts';

/** How many announcements are read out at once; after a long absence the rest is on the page anyway. */
const maxAnnounced = 3;

/**
 * The markup that turns a page showing `before` into one showing `after`; null when they are the same.
 * `before` null: the page's state is unknown, so everything is sent, and swapped in by id without doubles.
 */
export async function drawChanges(before: Snapshot | null, after: Snapshot): Promise<string | null> {
  if (before?.digest === after.digest) return null;
  const regions = [...after.regions].filter(([id, markup]) => before?.regions.get(id) !== markup);
  const posts = [...after.posts].filter(([id, post]) => before?.posts.get(id)?.html !== post.html);
  const told =
    before === null ? [] : posts.filter(([id, post]) => before.posts.get(id)?.announcement !== post.announcement);
  return toText(
    html`<title>${after.title}</title>${regions.map(([id, markup]) => html`<hx-partial hx-target="#${id}" hx-swap="outerMorph">${raw(markup)}</hx-partial>`)}${
      after.feedId === null || posts.length === 0
        ? nothing
        : html`<hx-partial hx-target="#${after.feedId}" hx-swap="posts">${raw(posts.map(([, post]) => post.html).join('\n'))}</hx-partial>`
    }${
      told.length === 0
        ? nothing
        : html`<hx-partial hx-target="#announce" hx-swap="innerHTML"><p>${told
            .slice(-maxAnnounced)
            .map(([, post]) => post.announcement)
            .join('. ')}</p></hx-partial>`
    }`,
  );
}

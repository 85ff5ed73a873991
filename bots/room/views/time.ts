import { html } from 'hono/html';
import { absoluteTime, clockTime, dayOf } from '../times.ts';
import { nothing, type Html } from '../html.ts';

/** The hour, with the whole date on hover. */
export function timeOf(iso: string | null): Html {
  if (iso === null) return nothing;
  return html`<time datetime="${iso}" title="${absoluteTime(iso)}" data-clock>${clockTime(iso)}</time>`;
}

/** The day and hour, for lists that span days. */
export function dayAndTime(iso: string | null): Html {
  if (iso === null) return nothing;
  return html`<time datetime="${iso}" title="${absoluteTime(iso)}">${dayOf(iso)} ${clockTime(iso)}</time>`;
}

/**
 * Time that runs on. The page's script counts; without it the start is shown. What the server writes never depends
 * on the time of writing, so that a card that did not change is not sent again.
 */
export function runningSince(iso: string): Html {
  return html`<time class="elapsed" datetime="${iso}" title="since ${absoluteTime(iso)}" data-since="${iso}">since ${clockTime(iso)}</time>`;
}

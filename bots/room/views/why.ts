import { html } from 'hono/html';
import type { WhyView } from '#src/desk/desk.ts';
import type { Html } from '../html.ts';
import { foldedProse } from './text.ts';
import { dayAndTime } from './time.ts';

/** The sentences behind an item, with who said them. */
export function drawWhy(said: readonly WhyView[]): Html {
  if (said.length === 0) return html`<p class="quiet">The message behind this is no longer kept.</p>`;
  return html`${said.map((one) => html`<blockquote class="quote"><p class="by"><b dir="auto">${one.speaker}</b> ${dayAndTime(one.at)}</p>${foldedProse(one.text)}</blockquote>`)}`;
}

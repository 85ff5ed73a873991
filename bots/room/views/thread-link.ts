import { html } from 'hono/html';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { Html } from '../html.ts';
import { taskPanelUrl, threadUrl } from '../urls.ts';

/** A task slides in beside what is being read; every other thread is a page. */
export function threadLink(thread: ThreadRef, words: Html | string): Html {
  const href = threadUrl(thread);
  if (thread.kind !== 'task') return html`<a href="${href}">${words}</a>`;
  return html`<a href="${href}" hx-get="${taskPanelUrl(thread.id)}" hx-target="#side" hx-swap="outerHTML" hx-push-url="${href}">${words}</a>`;
}

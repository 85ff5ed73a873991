import { html } from 'hono/html';
import type { LedgerView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { threadUrl } from '../urls.ts';
import { dayAndTime } from './time.ts';

/** The newest facts, and whether all of them still fit together. */
export function drawLedger(view: LedgerView): Html {
  return html`<header class="page-head"><h1>Ledger</h1>
    <p class="${view.verified ? 'good-news' : 'problem'}" role="status">${view.verified ? html`<b>${view.events} facts, and the chain holds.</b>` : html`<b>${view.events} facts, and the chain is broken.</b> Run <code>npm run -s workbench -- ledger verify</code> to see where.`}</p>
    <p class="quiet">Everything that happened, in order, each fact sealed by the one before it. The newest is ${view.head.seq}, <code>${view.head.hash.slice(0, 16)}</code>.</p></header>
    ${view.recent.length === 0 ? html`<p class="quiet">Nothing has happened yet.</p>` : nothing}<ol class="events">${view.recent.map(
      (event) =>
        html`<li data-step tabindex="-1"><span class="seq">${event.seq}</span> <code>${event.type}</code> <span class="quiet" dir="auto">${event.actor} · ${dayAndTime(event.at)}</span>${event.taskId === null ? nothing : html` <a href="${threadUrl({ kind: 'task', id: event.taskId })}">its task</a>`}</li>`,
    )}</ol>`;
}

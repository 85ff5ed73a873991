import { html } from 'hono/html';
import type { ErrorReport } from '#src/errors.ts';
import { nothing, type Html } from '../html.ts';
import { inline } from './text.ts';

/** What happened and what to do, where it happened. */
export function drawProblem(report: ErrorReport['error']): Html {
  return html`<div class="problem" role="alert"><p dir="auto"><b>${inline(report.message)}</b></p>${report.fix === '' ? nothing : html`<p dir="auto">${inline(report.fix)}</p>`}</div>`;
}

/** An answer meant for one person: a refusal, or a word on what was done. It is gone at the next look. */
export function drawAside(ok: boolean, text: string, more: Html = nothing): Html {
  return html`<div class="aside ${ok ? 'fine' : 'refused'}"><span class="only-you">Only you see this.</span> <span dir="auto">${inline(text)}</span>${more}</div>`;
}

/** How often the page asks whether the answer is there. */
const LATER_EVERY_S = 3;

/** Where an answer comes to stand that is not known yet. */
export function drawLater(id: string): Html {
  return html`<div hx-get="/answers/${id}" hx-trigger="every ${LATER_EVERY_S}s" hx-swap="outerHTML" aria-live="polite"></div>`;
}

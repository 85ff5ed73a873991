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

import { html } from 'hono/html';
import type { ErrorReport } from '#src/errors.ts';
import type { ImportView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { threadUrl } from '../urls.ts';
import { drawProblem } from './problem.ts';

/** What came in, what was left out and why. */
export function drawImport(fileName: string, view: ImportView): Html {
  const count = view.conversations.length;
  return html`<section class="import-result" aria-label="${fileName}"><p><b dir="auto">${fileName}</b>: ${count === 0 ? 'nothing could be taken in' : count === 1 ? 'one conversation taken in' : `${count} conversations taken in`}.</p>
    <ul class="rows">${view.conversations.map(
      (item) =>
        html`<li class="row"><span class="row-text"><a href="${threadUrl({ kind: 'idea', id: item.id })}" dir="auto">${item.title}</a></span> <span class="quiet">${item.messageCount} ${item.messageCount === 1 ? 'message' : 'messages'}</span>${
          item.skipped.length === 0
            ? nothing
            : html`<ul class="skipped">${item.skipped.map((skip) => html`<li>${skip.count} × ${skip.kind} left out: ${skip.reason}</li>`)}</ul>`
        }</li>`,
    )}</ul>${view.problems.map((problem) => drawProblem({ code: 'not-read', message: problem.file, fix: problem.reason }))}</section>`;
}

export function drawImportProblem(fileName: string, report: ErrorReport['error']): Html {
  return html`<section class="import-result" aria-label="${fileName}"><p><b dir="auto">${fileName}</b></p>${drawProblem(report)}</section>`;
}

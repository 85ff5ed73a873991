import { html } from 'hono/html';
import type { CheckView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { inline } from './text.ts';

/** The page tries everything again this often while it is open. */
const everySeconds = 10;

export function drawSetup(): Html {
  return html`<header class="page-head"><h1>Set-up</h1><p class="teach">What the workbench stands on. Each line was tried just now and is tried again every ${everySeconds} seconds.</p></header>
    <div id="checks" hx-get="/setup/checks" hx-trigger="load, every ${everySeconds}s" hx-swap="innerMorph" aria-live="polite"><p class="quiet">Trying each of them …</p></div>
    <p><a class="button plain" href="/">To the room</a></p>`;
}

/** On the first page: only what would stop a person, with the way to the page that helps. */
export function drawMissing(checks: readonly CheckView[]): Html {
  const missing = checks.filter((check) => check.state === 'missing');
  if (missing.length === 0) return nothing;
  return html`<p class="problem"><b>${missing.map((check) => check.name).join(', ')}: missing.</b> <a href="/setup">See what to do</a></p>`;
}

const signs = { ok: '✓', warning: '!', missing: '✕' } as const;
const words = { ok: 'works', warning: 'works, with a note', missing: 'missing' } as const;

export function drawChecks(checks: readonly CheckView[]): Html {
  const missing = checks.filter((check) => check.state === 'missing').length;
  return html`<p class="${missing === 0 ? 'good-news' : 'problem'}"><b>${missing === 0 ? 'Everything that is needed is here.' : missing === 1 ? 'One thing is missing.' : `${missing} things are missing.`}</b></p>
    <ul class="checks">${checks.map((check) => html`<li class="check ${check.state}" data-step tabindex="-1"><span class="sign" role="img" aria-label="${words[check.state]}">${signs[check.state]}</span><div><p><b>${check.name}</b></p><p dir="auto">${inline(check.detail)}</p>${check.fix === null ? nothing : html`<p class="fix" dir="auto">${inline(check.fix)}</p>`}</div></li>`)}</ul>`;
}

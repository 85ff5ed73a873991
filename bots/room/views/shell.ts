import { html } from 'hono/html';
import { nothing, type Html } from '../html.ts';
import type { Look } from './look.ts';

const htmxConfig = JSON.stringify({
  history: 'reload',
  includeIndicatorCSS: false,
  extensions: 'room,sse',
  // A reading of a large export may take a while; the browser gives up after this.
  defaultTimeout: 600_000,
});

/** A page that nobody looks at lets its live line rest; its title and rail are asked for this often. */
const railEverySeconds = 60;

/** One page: the rail, what is being read, and a task beside it. */
export interface Page {
  title: string;
  rail: Html;
  /** Says so while the factory is halted. */
  halt: Html;
  main: Html;
  side: Html | null;
  /** Address of the live stream. */
  live: string;
  /** The main part comes first where there is room for one only. */
  mainFirst: boolean;
  /** Where dropped files go; null: nowhere on this page. */
  importUrl: string | null;
  maxUploadBytes: number;
}

export function drawShell(page: Page, look: Look, nonce: string): Html {
  const script = (name: string): Html => html`<script src="${look.asset(name)}" nonce="${nonce}" defer></script>`;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${page.title}</title><meta name="htmx-config" content="${htmxConfig}"><link rel="stylesheet" href="${look.asset('room.css')}"><link rel="icon" type="image/svg+xml" href="${look.asset('marks/workbench.svg')}">${['htmx.js', 'htmx-sse.js', 'room.js', 'keys.js', 'drop.js', 'play.js'].map(script)}</head>
    <body hx-headers:inherited="${JSON.stringify({ 'x-csrf-token': look.csrf })}" data-csrf="${look.csrf}" data-max-bytes="${page.maxUploadBytes}">
    <a class="skip" href="#main">Skip to what is being read</a>
    <p class="lost" id="lost" role="status" hidden></p>
    <div id="announce" class="unseen" aria-live="polite"></div>
    ${liveLine(page.live)}<div class="live" hx-get="${page.live.replace('/live?', '/rail?')}" hx-trigger="every ${railEverySeconds}s" hx-swap="innerHTML" hidden></div>
    <div class="room ${page.mainFirst ? 'main-first' : ''}">${page.rail}<main id="main" class="main" tabindex="-1" ${page.importUrl === null ? nothing : html`data-drop-url="${page.importUrl}"`}><div class="bar"><button class="button plain menu" type="button" popovertarget="rail">Menu</button></div>${page.halt}${page.main}</main>${page.side ?? emptySide()}</div></body></html>`;
}

/** Where changes arrive. A lost line is tried again after half a second, then less often, at most every five. */
export function liveLine(url: string): Html {
  return html`<div class="live" hx-sse:connect="${url}" hx-config="sse.reconnectMaxDelay:5000" hidden></div>`;
}

export function emptySide(): Html {
  return html`<aside id="side" class="side" aria-label="Task" hidden></aside>`;
}

/** A page for somebody who may not come in, or who took a wrong turn. It stands alone. */
export function drawPlainPage(title: string, body: Html, look: Pick<Look, 'asset'>): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="stylesheet" href="${look.asset('room.css')}"><link rel="icon" type="image/svg+xml" href="${look.asset('marks/workbench.svg')}"></head><body class="alone"><main class="column"><h1>${title}</h1>${body}</main></body></html>`;
}

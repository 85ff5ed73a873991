import { html } from 'hono/html';
import type { Html } from '../html.ts';
import type { Look } from './look.ts';
import { repositoryKinds } from './repository.ts';

/** How to begin: the sample, or something of one's own. */
export function drawStart(look: Look): Html {
  return html`<section class="start" aria-labelledby="start-title"><h1 id="start-title">Talk an idea into a pull request</h1>
    <p class="teach">Give the workbench a conversation and a repository; a small team turns it into a reviewed change, and merges it only when you press Approve.</p>
    ${drawSample(look, 'primary')}
    <div hx-get="/setup/missing" hx-trigger="load" hx-swap="innerHTML" aria-live="polite"></div></section>${drawOwn(look, true)}`;
}

/** One press makes a small repository and takes a bundled conversation in. */
export function drawSample(look: Look, style: 'primary' | 'plain'): Html {
  return html`<form method="post" action="/sample" hx-post="/sample" hx-target="#sample-note" hx-swap="innerHTML" hx-disable="findAll button"><input type="hidden" name="csrf" value="${look.csrf}"><button class="button ${style}">Try the sample</button> <span class="busy" aria-hidden="true">Making a small repository and reading the sample …</span><div class="note" id="sample-note" role="status"></div></form>`;
}

/** Something of one's own: the repository, then a file, a paste or a few words. */
export function drawOwn(look: Look, first: boolean): Html {
  return html`<section class="own" aria-labelledby="own-title"><h2 id="own-title">${first ? 'Or bring your own' : 'Start another project'}</h2>
    <form method="post" action="/start" hx-post="/start" hx-target="#start-note" hx-swap="innerHTML" hx-disable="findAll button"><input type="hidden" name="csrf" value="${look.csrf}">
    <label class="field">Repository <span class="quiet">${repositoryKinds(look)}; it can be named later</span><input name="repository" id="start-repository" autocomplete="off" spellcheck="false" placeholder="/home/you/code/greeter" dir="ltr"></label>
    <label class="drop" data-drop>Drop a ChatGPT, Claude or meeting export here, or <span class="as-link">choose files</span><input class="unseen" type="file" multiple data-import="/import" data-results="start-imports" data-repository="start-repository"></label>
    <div class="imports" id="start-imports" aria-live="polite"></div>
    <label class="field">Or write or paste it <textarea name="text" rows="4" dir="auto" placeholder="Editors paste titles like “Soup — again!” and the address comes out wrong …"></textarea></label>
    <div class="answers"><button class="button ${first ? 'plain' : 'primary'}" name="as" value="idea">Start an idea</button><button class="button plain" name="as" value="conversation">It is a conversation</button></div>
    <div class="note" id="start-note" role="status"></div></form></section>`;
}

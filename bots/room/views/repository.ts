import { html } from 'hono/html';
import type { ProjectView } from '#src/desk/desk.ts';
import type { RepositoryFacts } from '#src/ports/workspace.ts';
import { nothing, type Html } from '../html.ts';
import { threadUrl } from '../urls.ts';
import type { Look } from './look.ts';

/** Asks for the repository until there is one. */
export function drawRepository(project: ProjectView, look: Look): Html {
  if (project.repository !== null) return nothing;
  const url = `${threadUrl({ kind: 'project', id: project.id })}/repository`;
  return html`<section class="own" id="repository" aria-labelledby="repository-title"><h2 id="repository-title">Which repository should it work on?</h2><form method="post" action="${url}" hx-post="${url}" hx-target="#repository-note" hx-swap="innerHTML" hx-disable="findAll button"><input type="hidden" name="csrf" value="${look.csrf}">
    <div class="fields"><label class="field">Repository <span class="quiet">${repositoryKinds(look)}</span><input name="path" required autocomplete="off" spellcheck="false" dir="ltr" placeholder="/home/you/code/greeter"></label><label class="field">Branch <span class="quiet">else its own</span><input name="base" autocomplete="off" spellcheck="false" dir="ltr" placeholder="main"></label><button class="button primary">Use it</button></div><div class="note" id="repository-note" role="status"></div></form></section>`;
}

/** What can be named, beside the word `Repository`. */
export function repositoryKinds({ onGitHub }: Look): string {
  return onGitHub ? 'a folder on this machine, or github:OWNER/NAME' : 'a folder on this machine';
}

export function drawBound(facts: RepositoryFacts): Html {
  return html`<p class="good-news"><b>It works on <bdi>${facts.path}</bdi>, branch <bdi>${facts.baseBranch}</bdi>.</b></p>${facts.dirtyOnBase ? html`<p>That branch is checked out with changes that are not committed: a merge will wait until they are.</p>` : nothing}${facts.notes.length === 0 ? nothing : html`<ul>${facts.notes.map((note) => html`<li dir="auto">${note}</li>`)}</ul>`}`;
}

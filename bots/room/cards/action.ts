import { html } from 'hono/html';
import type { CardAction, CardChoice, Post } from '#src/ports/chat.ts';
import { nothing, type Html } from '../html.ts';
import { domId, threadName } from '../urls.ts';
import type { Look } from '../views/look.ts';
import { inline } from '../views/text.ts';

/** Where answers meant for one person appear: under the post whose button was pressed. */
export function noteId(post: Pick<Post, 'id'>): string {
  return domId('note', post.id);
}

/** The eyes read the first seven digits; the press carries all forty. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

function pressForm(post: Post, action: CardAction, look: Look, note: string, body: Html): Html {
  const url = look.pressUrl ?? '/press';
  return html`<form class="press" method="post" action="${url}" hx-post="${url}" hx-target="#${note}" hx-swap="innerHTML" hx-disable="findAll button">
    <input type="hidden" name="csrf" value="${look.csrf}">
    <input type="hidden" name="post" value="${post.id}"><input type="hidden" name="thread" value="${threadName(post.thread)}">
    <input type="hidden" name="version" value="${post.version}">
    <input type="hidden" name="action" value="${action.name}">${body}</form>`;
}

function exactly(action: CardAction): Html {
  if (action.command.type !== 'approve') return nothing;
  return html`<span class="exactly"> exactly <code>${shortSha(action.command.headSha)}</code></span>`;
}

/**
 * One button. What needs a word or a second thought opens in place: the button becomes a question with its answer
 * and a way back.
 */
export function actionForm(post: Post, action: CardAction, look: Look, note: string = noteId(post)): Html {
  const label = html`${action.label}${exactly(action)}`;
  if (action.confirm === null && action.input === null) {
    return pressForm(
      post,
      action,
      look,
      note,
      html`<button class="button ${action.style}" id="${domId('act', note, action.name)}">${label}</button>`,
    );
  }
  const input =
    action.input === null
      ? nothing
      : html`<label>${action.input.label}<textarea name="input" rows="${action.input.value === undefined ? 2 : 4}" maxlength="4000" dir="auto" ${action.input.required ? 'required' : ''}>${action.input.value ?? ''}</textarea></label>`;
  const choices = (action.input?.choices ?? []).map(choice);
  const confirm = action.confirm === null ? nothing : html`<p>${inline(action.confirm)}</p>`;
  const yes = action.confirm !== null && action.style === 'danger' ? `Yes, ${lowerFirst(action.label)}` : action.label;
  const body = html`${confirm}${choices}${input}<div class="answers"><button class="button ${action.style}">${yes}${exactly(action)}</button><button class="button plain" type="button" data-shut>Not now</button></div>`;
  return html`<details class="ask" id="${domId('ask', note, action.name)}"><summary class="button ${action.style}">${label}</summary>${pressForm(post, action, look, note, body)}</details>`;
}

/** Sent beside the words, by its name. */
function choice({ name, label, options }: CardChoice): Html {
  const drawn = options.map(({ value, text }) => html`<option value="${value}">${text}</option>`);
  return html`<label>${label}<select name="choice.${name}" dir="auto">${drawn}</select></label>`;
}

function lowerFirst(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

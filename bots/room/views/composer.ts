import { html } from 'hono/html';
import type { ThreadRef } from '#src/ports/chat.ts';
import { nothing, type Html } from '../html.ts';
import { domId, threadName } from '../urls.ts';
import type { Look } from './look.ts';

/** Characters that one message may hold; a longer text is a file. */
export const maxMessageChars = 20_000;

/** The hidden field that makes a message count once, however often it is sent. Replaced after each send. */
export function originField(formId: string, originId: string): Html {
  return html`<input type="hidden" name="origin" id="${formId}-origin" value="${originId}">`;
}

export function composerId(thread: ThreadRef): string {
  return domId('composer', thread.kind, thread.id);
}

/** Where people type. In a project's channel the first words start an idea; in a thread they answer it. */
export function drawComposer(
  thread: ThreadRef,
  look: Look,
  options: { originId: string; placeholder: string; importUrl: string | null },
): Html {
  const id = composerId(thread);
  const isChannel = thread.kind === 'project';
  return html`<form class="composer" id="${id}" method="post" action="/say" hx-post="/say" hx-target="#${id}-note" hx-swap="innerHTML" hx-disable="findAll button" data-composer>
    <div class="imports" id="${id}-imports" aria-live="polite"></div>
    <div class="note" id="${id}-note" role="status"></div>
    <input type="hidden" name="csrf" value="${look.csrf}"><input type="hidden" name="thread" value="${threadName(thread)}">${originField(id, options.originId)}
    <div class="compose"><textarea name="text" rows="1" maxlength="${maxMessageChars}" required dir="auto" aria-label="${options.placeholder}" placeholder="${options.placeholder}"></textarea>
    <div class="compose-buttons">${
      options.importUrl === null
        ? nothing
        : html`<label class="button plain pick">Add files<input class="unseen" type="file" multiple data-import="${options.importUrl}" data-results="${id}-imports"></label>`
    }${isChannel ? html`<button class="button primary" name="as" value="idea">Start an idea</button>` : html`<button class="button primary" name="as" value="message">Send</button>`}</div></div></form>`;
}

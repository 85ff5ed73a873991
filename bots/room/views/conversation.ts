import { html } from 'hono/html';
import type { ThreadView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { domId } from '../urls.ts';
import type { Look } from './look.ts';
import { foldedProse } from './text.ts';
import { dayAndTime } from './time.ts';
import { speakerMark } from './who.ts';

type Said = ThreadView['conversation'][number];

/** More than this and the conversation folds behind its first message. */
const unfoldedMessages = 4;

/** What was said before the factory joined. */
export function drawConversation(view: ThreadView, look: Look): Html {
  const { conversation, omittedMessages } = view;
  const [first, ...rest] = conversation;
  if (first === undefined) return nothing;
  const total = conversation.length + omittedMessages;
  if (total <= unfoldedMessages)
    return html`<section class="conversation" aria-label="The conversation">${drawRun(conversation, look)}</section>`;
  const speakers = [...new Set(conversation.map((said) => said.speaker))];
  return html`<section class="conversation" aria-label="The conversation">${drawSaid(first, null, look)}
    <details class="fold rest" id="${domId('conversation', view.thread.id)}"><summary>${total - 1} more messages between ${listOf(speakers)}</summary><div class="folded">${drawRun(rest, look, first)}</div></details></section>`;
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} others`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}

function drawRun(messages: readonly Said[], look: Look, before: Said | null = null): Html {
  let previous = before;
  return html`${messages.map((said) => {
    const gap = previous === null ? 0 : said.position - previous.position - 1;
    const drawn = html`${gap > 0 ? html`<p class="gap">${gap} ${gap === 1 ? 'message is' : 'messages are'} kept and not shown here</p>` : nothing}${drawSaid(said, previous, look)}`;
    previous = said;
    return drawn;
  })}`;
}

function drawSaid(said: Said, previous: Said | null, look: Look): Html {
  const continued = previous !== null && previous.speaker === said.speaker && previous.position === said.position - 1;
  return html`<article class="post said ${said.role} ${continued ? 'continued' : ''}" id="${domId('said', said.position)}" tabindex="-1" data-step><div class="gutter">${speakerMark(said.speaker, said.role, look)}</div><div class="body"><header class="by"><b dir="auto">${said.speaker}</b>${said.role === 'assistant' ? html` <span class="does">assistant</span>` : nothing} ${dayAndTime(said.at)}</header>${foldedProse(said.text)}</div></article>`;
}

import { html } from 'hono/html';
import type { CardBlock, CardListItem, Post } from '#src/ports/chat.ts';
import { duration } from '../times.ts';
import { nothing, type Html } from '../html.ts';
import { diffUrl, domId, whyUrl } from '../urls.ts';
import type { Look } from '../views/look.ts';
import { codeBlock, exactCode, foldedProse, inline, prose } from '../views/text.ts';
import { dayAndTime, runningSince } from '../views/time.ts';
import { threadLink } from '../views/thread-link.ts';
import { actionForm } from './action.ts';

/** Where a block stands: its post, and a path that makes ids of its parts unique. */
export interface Place {
  post: Post;
  path: string;
  look: Look;
}

export function drawBlocks(blocks: readonly CardBlock[], place: Place): Html {
  return html`${blocks.map((block, index) => drawBlock(block, { ...place, path: `${place.path}-${index}` }))}`;
}

function drawBlock(block: CardBlock, place: Place): Html {
  switch (block.type) {
    case 'text':
      return prose(block.text);
    case 'facts':
      return html`<dl class="facts">${block.facts.map((fact) => html`<div class="fact ${fact.tone ?? 'plain'}"><dt>${fact.label}</dt><dd dir="auto">${fact.url === undefined ? inline(fact.value) : webLink(fact.url, inline(fact.value))}</dd></div>`)}</dl>`;
    case 'list':
      return html`${block.title === null ? nothing : html`<h3 class="list-title">${inline(block.title)}</h3>`}<ul class="items">${block.items.map((item, index) => drawItem(item, { ...place, path: `${place.path}-${index}` }))}</ul>`;
    case 'steps':
      return drawSteps(block.steps);
    case 'code':
      return codeBlock(block.text, block.path, block.language);
    case 'diff':
      return drawFiles(block);
    case 'fold':
      return html`<details class="fold" id="${domId('fold', place.post.id, place.path)}"><summary>${inline(block.summary)}</summary><div class="folded">${drawBlocks(block.blocks, place)}</div></details>`;
    case 'quote':
      return html`<blockquote class="quote"><p class="by"><b dir="auto">${block.speaker}</b> ${dayAndTime(block.at)}</p>${foldedProse(block.text)}</blockquote>`;
  }
}

/** Leads out of the room, in a tab of its own; what is no web address stays words. */
function webLink(url: string, words: Html): Html {
  if (!/^https?:\/\//.test(url)) return words;
  return html`<a href="${url}" target="_blank" rel="noreferrer">${words}</a>`;
}

const marks: Readonly<Record<CardListItem['mark'], { sign: string; says: string } | null>> = {
  done: { sign: '✓', says: 'done' },
  open: { sign: '○', says: 'open' },
  failed: { sign: '✕', says: 'failed' },
  question: { sign: '?', says: 'question' },
  none: null,
};

function drawItem(item: CardListItem, place: Place): Html {
  const mark = marks[item.mark];
  const words = item.thread === null ? inline(item.text) : threadLink(item.thread, inline(item.text));
  return html`<li class="item ${item.mark}">${mark === null ? nothing : html`<span class="sign" role="img" aria-label="${mark.says}">${mark.sign}</span>`}
    <div class="item-body"><span class="item-text" dir="auto">${words}</span>${item.detail === null ? nothing : html` <span class="detail" dir="auto">${inline(item.detail)}</span>`}${why(item, place)}${
      item.actions.length === 0
        ? nothing
        : html`<div class="actions small">${item.actions.map((action) => actionForm(place.post, action, place.look))}</div>`
    }</div></li>`;
}

/** Opens the sentence and its speaker beside the item. */
function why(item: CardListItem, place: Place): Html {
  if (item.why === null) return nothing;
  const id = domId('why', place.post.id, place.path);
  return html` <details class="why" id="${id}" hx-get="${whyUrl(item.why)}" hx-trigger="toggle once" hx-target="#${id}-said" hx-swap="innerHTML"><summary title="why is this here?">why<span class="unseen"> is this here</span>?</summary><div class="said" id="${id}-said" hx-morph-skip-children aria-live="polite"><p class="quiet">Looking it up …</p></div></details>`;
}

const stepWords = { done: 'done', now: 'under way', todo: 'to come', failed: 'failed' } as const;
const stepSigns = { done: '✓', now: '●', todo: '○', failed: '✕' } as const;

function drawSteps(steps: (CardBlock & { type: 'steps' })['steps']): Html {
  return html`<ol class="steps">${steps.map(
    (step) =>
      html`<li class="step ${step.state}" ${step.state === 'now' ? html`aria-current="step"` : nothing}><span class="sign" role="img" aria-label="${stepWords[step.state]}">${stepSigns[step.state]}</span> ${step.label}${
        step.state === 'now' && step.sinceAt !== null
          ? html` ${runningSince(step.sinceAt)}`
          : step.tookMs === null
            ? nothing
            : html` <span class="took">${duration(step.tookMs)}</span>`
      }</li>`,
  )}</ol>`;
}

/** Lines added and removed, as figures: colour alone says nothing to many. */
export function lineCounts(added: number, removed: number): Html {
  return html`<span class="counts"><span class="added">+${added}</span> <span class="removed">−${removed}</span></span>`;
}

function drawFiles(block: CardBlock & { type: 'diff' }): Html {
  const more = block.more === undefined ? '' : html`<li>and ${block.more} more</li>`;
  return html`<ul class="files">${block.files.map((file) => html`<li><a href="${diffUrl(block.taskId)}"><code>${exactCode(file.path)}</code></a> ${lineCounts(file.added, file.removed)}</li>`)}${more}</ul>
    <p class="more"><a href="${diffUrl(block.taskId)}">View the diff</a></p>`;
}

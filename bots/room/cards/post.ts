import { html } from 'hono/html';
import type { Post } from '#src/ports/chat.ts';
import { nothing, type Html } from '../html.ts';
import { domId } from '../urls.ts';
import type { Look } from '../views/look.ts';
import { foldedProse, inline } from '../views/text.ts';
import { timeOf } from '../views/time.ts';
import { authorDoes, authorKey, authorMark, authorName } from '../views/who.ts';
import { actionForm, noteId } from './action.ts';
import { drawBlocks } from './blocks.ts';

/** One post, drawn: the page and the live stream send the same markup. */
export interface DrawnPost {
  id: string;
  html: Html;
  /** What a screen reader is told when the post is new or decided. */
  announcement: string;
}

/** Posts of one author that follow each other within this time stand together under one name. */
const groupWithinMs = 10 * 60_000;

export function drawPosts(posts: readonly Post[], look: Look): DrawnPost[] {
  return posts.map((post, index) => drawPost(post, look, isContinued(posts[index - 1], post)));
}

function isContinued(before: Post | undefined, post: Post): boolean {
  if (before === undefined || authorKey(before.author) !== authorKey(post.author)) return false;
  return Math.abs(Date.parse(post.postedAt) - Date.parse(before.postedAt)) <= groupWithinMs;
}

function drawPost(post: Post, look: Look, continued: boolean): DrawnPost {
  const id = domId('post', post.id);
  const name = authorName(post.author, look);
  const does = authorDoes(post.author);
  return {
    id,
    announcement: `${name}: ${spoken(post.card.outcome ?? post.card.lead)}`,
    html: html`<article class="post ${continued ? 'continued' : ''} ${post.author.kind}" id="${id}" tabindex="-1" data-step aria-labelledby="${id}-by"><div class="gutter">${authorMark(post.author, look)}</div><div class="body"><header class="by" id="${id}-by"><b dir="auto">${name}</b>${does === null ? nothing : html` <span class="does">${does}</span>`} ${timeOf(post.postedAt)}${
      post.editedAt === null || post.card.kind !== 'message' ? nothing : html` <span class="edited">edited</span>`
    }</header>${drawCard(post, look)}<div class="note" id="${noteId(post)}" role="status" hx-morph-skip-children></div></div></article>`,
  };
}

/** As it is read out: without the marks that only the eye needs. */
function spoken(text: string): string {
  return text.replaceAll(/\*\*|`/g, '').replace(/[.…]+$/, '');
}

function drawCard(post: Post, look: Look): Html {
  const { card } = post;
  const waiting = card.actions.length > 0;
  const plain = card.kind === 'message' || (card.blocks.length === 0 && !waiting && card.tone === 'plain');
  const lead =
    card.kind === 'message' && post.author.kind === 'person'
      ? html`<div class="lead">${foldedProse(card.lead)}</div>`
      : html`<p class="lead" dir="auto">${inline(card.lead)}</p>`;
  return html`<div class="card ${card.kind} tone-${card.tone} ${plain ? 'bare' : 'framed'}">${lead}${drawBlocks(card.blocks, { post, path: 'b', look })}${
    card.outcome === null ? nothing : html`<p class="outcome" dir="auto">${inline(card.outcome)}</p>`
  }${waiting ? html`<div class="actions">${card.actions.map((action) => actionForm(post, action, look))}</div>` : nothing}</div>`;
}

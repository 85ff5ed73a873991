import type { Button, KnownBlock, RichTextElement } from '@slack/types';
import type { Card, CardBlock, Post } from '#src/ports/chat.ts';
import { buttonRows, cardButton, diffButton, openButton, plainText } from './buttons.ts';
import { drawBlocks, drawText } from './draw-blocks.ts';
import { PREVIEW } from './drawing.ts';
import { MESSAGE_BLOCKS_CHARS, slackLimits } from './limits.ts';
import { pathTo } from './paths.ts';
import { fill, joined, roomOf, whole, withIds } from './pieces.ts';
import type { Drawn } from './pieces.ts';
import { pressKinds } from './press-value.ts';
import { nameWords, readableCard, readableText, slackGroup, slackUser } from './readable-card.ts';
import { bold, prose, richText, section, words } from './rich-text.ts';
import type { DrawContext, SlackMessage } from './slack-message.ts';
import { escapeMrkdwn, plain, shorten } from './words.ts';

/**
 * A post as one Slack message, within all of Slack's limits. What does not fit is one press away ("Show everything",
 * a fold's own button). The same post in the same context is the same message, byte by byte.
 */
export function drawPost(post: Post, context: DrawContext): SlackMessage {
  const readable = { ...post, card: readableCard(post.card, context) };
  const { card } = readable;
  const drawing = { post: readable, context, amount: PREVIEW };
  const lead = drawLead(readable, context, PREVIEW.textChars);
  const body = drawBlocks(card.blocks, '', drawing);
  const outcome = plain(card.outcome ?? '');
  const foot = [...drawOutcome(card), ...drawAwaited(readable, context)];
  const { shown, hidden } = actionsInMessage(readable);
  const diffs = diffsIn(card.blocks);
  const reads = diffs.slice(0, DIFFS).map(({ taskId, path }) => diffButton(readable, taskId, path));
  const everything = openButton(readable, pressKinds.fold, 'Show everything', { path: '' });

  const compose = (isCut: boolean) => {
    const rows = buttonRows([...shown, ...reads, ...(isCut ? [everything] : [])]);
    const needs = roomOf([...foot, ...rows]);
    const top = fill([...lead.pieces, ...body.pieces], {
      blocks: slackLimits.blocksInMessage - needs.blocks,
      chars: MESSAGE_BLOCKS_CHARS - needs.chars,
    });
    return { blocks: [...top.blocks, ...foot, ...rows], isCut: isCut || top.rest.length > 0 };
  };
  const isCut = lead.isCut || body.isCut || hidden.length > 0 || diffs.length > DIFFS || outcome.length > OUTCOME_CHARS;
  const first = compose(isCut);
  const { blocks } = first.isCut && !isCut ? compose(true) : first;
  return { text: fallback(readable, context), blocks: withIds(blocks, post.version) };
}

/** A sentence for one person: a refusal, or what a command came to. */
export function drawNote(text: string, context: Pick<DrawContext, 'nameOf'>): SlackMessage {
  const lead = readableText(text, context);
  const { blocks } = fill(
    prose(shorten(lead, NOTE_CHARS)).map((block) => [block]),
    { blocks: slackLimits.blocksInMessage, chars: MESSAGE_BLOCKS_CHARS },
  );
  return { text: escapeMrkdwn(plainStart(lead)), blocks: blocks.length === 0 ? [NOTHING] : blocks };
}

const NOTHING = richText(section(words('–')));
const NOTE_CHARS = 4_000;
const FALLBACK_CHARS = 1_000;
const OUTCOME_CHARS = 1_000;
/** Of the blocks' JSON: some twenty buttons, or half as many that ask back. */
const ACTIONS_CHARS = 5_000;
/** Beyond these, further people are counted; nobody waits for so many. */
const AWAITED_PEOPLE = 25;

const toneEmoji: Readonly<Record<Card['tone'], string | null>> = {
  plain: null,
  good: 'white_check_mark',
  waiting: 'hourglass_flowing_sand',
  bad: 'warning',
};

/** The card's sentence. A person's own message stands under their name, for the message itself is the factory's. */
export function drawLead({ author, card }: Post, context: DrawContext, maxChars: number): Drawn {
  if (author.kind === 'person') {
    const by = richText(section(bold(nameWords(author.name, context))));
    return joined([whole([by]), drawText(card.lead, maxChars)]);
  }
  const lead = drawText(card.lead, maxChars);
  if (lead.pieces.length === 0) return whole([NOTHING]);
  const emoji = toneEmoji[card.tone];
  const [first] = lead.pieces[0] ?? [];
  if (emoji === null || first?.type !== 'rich_text') return lead;
  const mark: RichTextElement[] = [{ type: 'emoji', name: emoji }, words(' ')];
  const [opening] = first.elements;
  const marked =
    opening?.type === 'rich_text_section'
      ? richText(section(...mark, ...opening.elements), ...first.elements.slice(1))
      : richText(section(...mark), ...first.elements);
  return { ...lead, pieces: [[marked], ...lead.pieces.slice(1)] };
}

function drawOutcome({ outcome }: Card): KnownBlock[] {
  if (outcome === null || plain(outcome) === '') return [];
  return [{ type: 'context', elements: [plainText(outcome, OUTCOME_CHARS)] }];
}

/** Who is asked. Called only when `mention` says so; else by name, so that the card reads the same. */
function drawAwaited({ card, mentions }: Post, context: DrawContext): KnownBlock[] {
  const people = awaited(card, mentions);
  if (people.length === 0) return [];
  const names = people.slice(0, AWAITED_PEOPLE).flatMap((actor, index): RichTextElement[] => {
    const name = (context.mention ? call(actor) : null) ?? words(nameWords(actor, context));
    return [words(index === 0 ? 'For ' : ', '), name];
  });
  const left = people.length - AWAITED_PEOPLE;
  return [richText(section(...names, ...(left > 0 ? [words(` and ${left} more`)] : [])))];
}

/** Calls a person or a whole group; null: neither is in Slack. */
function call(actor: string): RichTextElement | null {
  const user = slackUser(actor);
  if (user !== null) return { type: 'user', user_id: user };
  const group = slackGroup(actor);
  return group === null ? null : { type: 'usergroup', usergroup_id: group };
}

function awaited({ outcome }: Card, mentions: readonly string[]): string[] {
  return outcome === null ? [...new Set(mentions)] : [];
}

/** Those that do not fit stand in the modal that shows everything. */
export function actionsInMessage(post: Post): { shown: Button[]; hidden: Button[] } {
  const buttons = post.card.actions.map((action) => cardButton(post, action));
  let chars = 0;
  const fitting = buttons.findIndex((button) => {
    chars += JSON.stringify(button).length;
    return chars > ACTIONS_CHARS;
  });
  return fitting < 0
    ? { shown: buttons, hidden: [] }
    : { shown: buttons.slice(0, fitting), hidden: buttons.slice(fitting) };
}

/** Tasks whose diff the card shows: their buttons stand beside its actions. */
function diffsIn(blocks: readonly CardBlock[]): { taskId: string; path: string }[] {
  return blocks.flatMap((block, index) =>
    block.type === 'diff' ? [{ taskId: block.taskId, path: pathTo('', index) }] : [],
  );
}

/** More of them are in the modal. */
const DIFFS = 5;

/** Screen readers read this in place of the blocks, so it ends with what came of it, or who is asked. */
function fallback({ author, card, mentions }: Post, context: DrawContext): string {
  const by = author.kind === 'person' ? `${nameWords(author.name, context)}: ` : '';
  const said = `${by}${plainStart(card.lead)}`;
  const outcome = card.outcome === null ? '' : ` ${plainStart(card.outcome)}`;
  const called = context.mention ? awaited(card, mentions).slice(0, AWAITED_PEOPLE) : [];
  return `${escapeMrkdwn(`${said}${outcome}`)}${called.map(callInText).join('')}`;
}

function callInText(actor: string): string {
  const user = slackUser(actor);
  if (user !== null) return ` <@${user}>`;
  const group = slackGroup(actor);
  return group === null ? '' : ` <!subteam^${group}>`;
}

function plainStart(text: string): string {
  return shorten(plain(text), FALLBACK_CHARS) || '–';
}

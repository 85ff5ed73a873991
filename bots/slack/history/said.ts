import * as z from 'zod';
import { displayName } from '#src/ports/personas.ts';
import { originIdOf, timeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { SlackFile } from './slack-file.ts';

/** What people and bots say, as events and history have it. Joins, topics, pins and the like are other subtypes. */
export const Said = z.looseObject({
  user: z.string().optional(),
  ts: z.string(),
  text: z.string().default(''),
  thread_ts: z.string().optional(),
  subtype: z.enum(['file_share', 'thread_broadcast', 'me_message', 'bot_message']).optional(),
  bot_id: z.string().optional(),
  username: z.string().optional(),
  bot_profile: z.looseObject({ name: z.string().optional() }).optional(),
  files: z.array(SlackFile).default([]),
});
export type Said = z.infer<typeof Said>;

/** The same with where it was said, which only events have. */
export const SaidIn = Said.extend({ channel: z.string(), channel_type: z.string().optional() });
export type SaidIn = z.infer<typeof SaidIn>;

/** Slack's own voice: reminders, notices of what was deleted. */
export const SLACKBOT = 'USLACKBOT';

/** The person who speaks. null: a bot, the factory's own or another; those are not heard, so that no two answer each other. */
export function personIn({ workspace }: Pick<SlackTools, 'workspace'>, said: Said): string | null {
  const { user, subtype, bot_id: bot } = said;
  if (user === undefined || bot !== undefined || subtype === 'bot_message') return null;
  return user === SLACKBOT || workspace.ownUserIds.has(user) ? null : user;
}

/** Whether the factory is called, by its own name or by that of a persona with an app of its own. */
export function isCalled({ workspace }: Pick<SlackTools, 'workspace'>, { text }: Said): boolean {
  return mentionsIn(text).some((id) => workspace.ownUserIds.has(id));
}

function mentionsIn(text: string): string[] {
  return [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].flatMap(([, id]) => id ?? []);
}

const CALL_AT_START = /^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*/;

/** What was typed, in words. A call at its beginning is for the factory, and no part of what is said. */
export async function typedWords(tools: Pick<SlackTools, 'people' | 'workspace'>, { text }: Said): Promise<string> {
  const called = CALL_AT_START.exec(text);
  const isOurs = called?.[1] !== undefined && tools.workspace.ownUserIds.has(called[1]);
  return (await tools.people.words(isOurs ? text.slice(called[0].length) : text)).trim();
}

/** The same, with the name of a persona that was called by its own app: the words are for it. */
export async function spokenWords(tools: Pick<SlackTools, 'people' | 'workspace'>, said: Said): Promise<string> {
  const typed = await typedWords(tools, said);
  const persona = tools.workspace.personas.get(CALL_AT_START.exec(said.text)?.[1] ?? '');
  return persona === undefined || typed === '' ? typed : `${displayName(persona)}, ${typed}`;
}

/** The identity and the time of what was said. */
export function markOf(tools: Pick<SlackTools, 'workspace'>, channel: string, { ts }: Said) {
  return { originId: originIdOf(tools, channel, ts), at: timeOf(ts) };
}

import * as z from 'zod';
import { drawNote } from '../blocks/draw-post.ts';
import { callFaultOf, channelErrors } from '../call-fault.ts';
import { actorOf } from '../people/actor.ts';
import { originIdOf, placeOf, timeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';

/** Carried by the message that opens an idea's thread, so that it is not posted again when its answer was lost. */
const IDEA_METADATA = 'factory_workbench_idea';

const Opening = z.looseObject({
  ts: z.string(),
  metadata: z.looseObject({
    event_type: z.literal(IDEA_METADATA),
    event_payload: z.looseObject({ trigger: z.string() }),
  }),
});
const Posted = z.looseObject({ ts: z.string() });

const NOT_HERE = 'I am not in this channel yet, so nothing was begun. Invite me, then type it again.';
const NOT_POSTED = 'Slack did not take the idea, so nothing was begun. Type it again in a moment.';

interface Idea {
  channel: string;
  user: string;
  /** Of the command: the same for each delivery of it. */
  trigger: string;
  projectId: string;
  text: string;
}

/** Words of a command stand nowhere in Slack: they are posted first, so that there is a thread. Answers why not; null: begun. */
export async function beginIdea(tools: SlackTools, idea: Idea): Promise<string | null> {
  const { channel, user, projectId, text } = idea;
  const { name } = await tools.people.person(user);
  let root: string;
  try {
    root = await rootOf(tools, idea, name);
  } catch (error) {
    const fault = callFaultOf(error);
    tools.log.warn({ surface: 'slack', channel, fault }, 'an idea could not be posted');
    return fault.kind === 'refused' && channelErrors.has(fault.error) ? NOT_HERE : NOT_POSTED;
  }
  await tools.desk.joinThread(actorOf(user), { ...placeOf(tools, channel), root }, projectId, [
    { originId: originIdOf(tools, channel, root), speaker: name, role: 'person', at: timeOf(root), text },
  ]);
  return null;
}

/** A post whose answer was lost is looked up before it is made again. */
async function rootOf(tools: SlackTools, idea: Idea, name: string, triesLeft = 1): Promise<string> {
  try {
    return (await openingOf(tools, idea)) ?? (await open(tools, idea, name));
  } catch (error) {
    if (triesLeft === 0 || callFaultOf(error).kind !== 'unanswered') throw error;
    return rootOf(tools, idea, name, triesLeft - 1);
  }
}

async function openingOf({ client }: SlackTools, { channel, trigger }: Idea): Promise<string | null> {
  const { messages = [] } = await client.conversations.history({ channel, limit: 100, include_all_metadata: true });
  for (const message of messages) {
    const opening = Opening.safeParse(message).data;
    if (opening?.metadata.event_payload.trigger === trigger) return opening.ts;
  }
  return null;
}

async function open({ client, people }: SlackTools, { channel, trigger, text }: Idea, name: string): Promise<string> {
  const note = drawNote(`${name} has an idea:\n\n${text}`, { nameOf: await people.namesOf([]) });
  const answer = await client.apiCall('chat.postMessage', {
    channel,
    text: note.text,
    blocks: note.blocks,
    metadata: { event_type: IDEA_METADATA, event_payload: { trigger } },
    unfurl_links: false,
    unfurl_media: false,
  });
  return Posted.parse(answer).ts;
}

import { checkedBlocks } from '../blocks/checked-blocks.ts';
import { isObject, objects } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackMessage } from '../workspace/types.ts';
import type { Call } from './method.ts';
import { Refusal } from './refusal.ts';

const TEXT_LIMIT = 40_000;
/** Not in Slack's reference: its answer `msg_blocks_too_long` comes at about 12,000 characters of text (bolt-js#2509). */
const BLOCKS_TEXT_LIMIT = 12_000;

interface Content {
  text: string;
  blocks: Json[];
  attachments: Json[];
}

/** The text, blocks and attachments of a message, refused as Slack refuses them. An edit keeps what it does not name. */
export function readContent(call: Call, how: { isNew: true } | { isNew: false; old: SlackMessage }): Content {
  const { args, rules, workspace } = call;
  const blocks = args.list('blocks', 'invalid_blocks_format');
  const attachments = args.list('attachments', 'invalid_attachments');
  const said = args.optionalText('text');
  if (args.has('markdown_text') && (said !== null || blocks !== null)) throw new Refusal('markdown_text_conflict');
  const text = said ?? args.optionalText('markdown_text');
  if (text === null && blocks === null && attachments === null) throw new Refusal('no_text');
  if (text !== null && text.length > TEXT_LIMIT) throw new Refusal('msg_too_long');
  if (attachments !== null && attachments.length > 100) throw new Refusal('too_many_attachments');
  const attached = objects(attachments ?? []).map((attachment) => checkedAttachment(call, attachment));
  const laid = blocks === null ? null : checkedBlocks(rules, workspace, blocks, 'message');
  if (laid !== null && textLength(laid) > BLOCKS_TEXT_LIMIT) throw new Refusal('msg_blocks_too_long');
  if (how.isNew) return { text: text ?? '', blocks: laid ?? [], attachments: attached };
  // An edit with text alone takes the blocks away, as Slack does.
  return {
    text: text ?? how.old.text,
    blocks: laid ?? (said === null ? how.old.blocks : []),
    attachments: attachments === null ? how.old.attachments : attached,
  };
}

function checkedAttachment({ rules, workspace }: Call, attachment: Json): Json {
  const faults = rules.attachmentFaults(attachment);
  if (faults.length > 0) throw new Refusal('invalid_attachments', { response_metadata: { messages: faults } });
  if (attachment.blocks === undefined) return attachment;
  if (!Array.isArray(attachment.blocks)) throw new Refusal('invalid_blocks_format');
  return { ...attachment, blocks: checkedBlocks(rules, workspace, attachment.blocks, 'message') };
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textLength(one), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : textLength(one)),
    0,
  );
}

import { fenceCodeBlocks } from './code-blocks.ts';

/** Names for the ids in a message. null: not known. */
export interface Names {
  user(id: string): string | null;
  channel(id: string): string | null;
  group(id: string): string | null;
}

/** The ids that a message mentions, so that their names can be looked up before it is read. */
export interface MentionedIds {
  users: string[];
  channels: string[];
  groups: string[];
}

/**
 * What Slack puts between angle brackets; everything else that people type as `<` or `>` comes as an entity.
 * https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
 */
const reference = /<([@#!]?)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>/g;
const subteam = /^subteam\^([A-Z0-9]+)$/;

/** Every id whose name the words of this message need. */
export function idsIn(text: string): MentionedIds {
  const users = new Set<string>();
  const channels = new Set<string>();
  const groups = new Set<string>();
  for (const [, sign, target = ''] of text.matchAll(reference)) {
    if (sign === '@') users.add(target);
    if (sign === '#') channels.add(target);
    const group = sign === '!' ? subteam.exec(target)?.[1] : undefined;
    if (group !== undefined) groups.add(group);
  }
  return { users: [...users], channels: [...channels], groups: [...groups] };
}

/**
 * A message's text as people read it: names for mentions, plain addresses for links, `&`, `<` and `>` as themselves, and
 * code blocks that a reader of Markdown knows. The result is outside text: it may say anything, also `@channel`.
 */
export function wordsOf(text: string, names: Names): string {
  const spoken = text.replace(reference, (whole, sign: string, target: string, label: string | undefined) => {
    if (sign === '@') return `@${names.user(target) ?? decoded(label) ?? 'someone'}`;
    if (sign === '#') return `#${decoded(label) ?? names.channel(target) ?? 'a-channel'}`;
    if (sign === '!') return special(target, label, names) ?? whole;
    return link(target, label);
  });
  return fenceCodeBlocks(unescapeEntities(spoken));
}

/** `<!here>`, groups, and dates, which carry the words to show. */
function special(target: string, label: string | undefined, names: Names): string | null {
  const group = subteam.exec(target)?.[1];
  if (group !== undefined) return `@${(names.group(group) ?? label ?? 'a-group').replace(/^@/, '')}`;
  const [command = ''] = target.split('^', 1);
  if (['here', 'channel', 'everyone', 'group'].includes(command)) return `@${command}`;
  return decoded(label);
}

function link(target: string, label: string | undefined): string {
  const address = target.replace(/^(?:mailto|tel):/, '');
  const words = decoded(label);
  if (words === null || words === target || words === address) return address;
  // Slack makes links of bare names, too: what was typed was the label.
  if (target === `http://${words}` || target === `http://${words}/`) return words;
  return `${words} (${address})`;
}

/** An empty label is as good as none: Slack sends it for channels that the reader may not see. */
function decoded(label: string | undefined): string | null {
  return label === undefined || label === '' ? null : label;
}

/** Only these three are escaped, and each once: `&amp;lt;` is what somebody typed as `&lt;`. */
function unescapeEntities(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_entity, name: string) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));
}

/** Why the app asks for each permission, as a person who installs it reads it. One that is missing here is not asked for. */
export const scopeReasons = {
  'app_mentions:read': 'Hears it when somebody mentions the app.',
  'assistant:write': 'Shows in Slack itself that a task runs, with a Stop button.',
  'channels:history': 'Reads threads of public channels that it was invited to, and what is said in them later.',
  'channels:read': 'Knows the name of a public channel, who is in it, and that it was renamed or archived.',
  'chat:write': 'Posts cards and replies, and edits its own.',
  'chat:write.customize':
    'Lets one app speak as Tess, Piper, Mason, Ollan, Vera and Moltbot, each with name and picture.',
  commands: 'Answers slash commands, and the shortcut that takes in a thread.',
  'files:read': 'Reads text files and exported chats that are shared in a conversation.',
  'files:write': 'Uploads a diff as a snippet when somebody presses View diff.',
  'groups:history': 'The same as channels:history, for private channels that it was invited to.',
  'groups:read': 'The same as channels:read, for private channels that it was invited to.',
  'im:history': 'Reads direct messages that are written to it.',
  'im:read': 'Tells a direct message from a channel.',
  'mpim:history': 'Reads group messages that it was added to.',
  'mpim:read': 'Tells a group message from a channel.',
  'reactions:read': 'Sees the factory emoji on a message, which takes its thread in.',
  'reactions:write': 'Puts eyes on a message once it is kept.',
  'usergroups:read': 'Looks up who is in a user group that may approve, each time that an approval acts.',
  'users:read': 'Shows names instead of ids, and notices people who left.',
} as const;

export type Scope = keyof typeof scopeReasons;

/** A persona's own app only writes: the one app reads for all of them, and owns every button. */
export const personaScopes = ['chat:write'] as const satisfies readonly Scope[];

/** Only an app that is declared an agent may ask for these; without them there is no native status. */
export const agentScopes = ['assistant:write'] as const satisfies readonly Scope[];

/** What the one app asks for, in a stable order. */
export function botScopes(options: { agent: boolean }): Scope[] {
  const left: readonly string[] = options.agent ? [] : agentScopes;
  return (Object.keys(scopeReasons) as Scope[]).filter((scope) => !left.includes(scope));
}

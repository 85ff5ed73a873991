import * as z from 'zod';
import { thinkers } from './model-settings.ts';
import { badSettings, folderUrl, portNumber } from './setting-kinds.ts';

export interface SlackSettings {
  botToken: string;
  /** How events come in: over a socket that we open, or as signed requests to a public address. */
  delivery: { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string; port: number };
  /** Personas with an app of their own; the others speak through the one app under their name. */
  personaTokens: Readonly<Partial<Record<(typeof thinkers)[number], string>>>;
  /** Ends with a slash. null: each persona has an emoji. */
  avatarsUrl: string | null;
  commandPrefix: string;
  /** Ends with a slash. */
  apiUrl: string;
}

/** What a token of Slack is, by its beginning. Tokens in each other's places are the usual slip. */
const slackTokens: Readonly<Record<string, string>> = {
  'xoxb-': 'a bot token; those go into SLACK_BOT_TOKEN',
  'xapp-': 'an app-level token; those go into SLACK_APP_TOKEN',
  'xoxp-': 'a user token; take the "Bot User OAuth Token" of the same page',
  xoxe: 'a token that rotates; turn token rotation off in a new app',
};

const slackKey = (beginning: 'xoxb-' | 'xapp-' | null) =>
  z
    .string()
    .trim()
    .superRefine((value, context) => {
      if (value === '' || (beginning !== null && value.startsWith(beginning))) return;
      const [, kind] = Object.entries(slackTokens).find(([start]) => value.startsWith(start)) ?? [];
      if (kind !== undefined) context.addIssue({ code: 'custom', message: `is ${kind}` });
      else if (beginning !== null) context.addIssue({ code: 'custom', message: `must start with ${beginning}` });
    });

/** How each setting of Slack is read. */
export const slackShape = {
  SLACK_BOT_TOKEN: slackKey('xoxb-'),
  SLACK_APP_TOKEN: slackKey('xapp-'),
  SLACK_SIGNING_SECRET: slackKey(null),
  SLACK_TOKEN_TESS: slackKey('xoxb-'),
  SLACK_TOKEN_PIPER: slackKey('xoxb-'),
  SLACK_TOKEN_MASON: slackKey('xoxb-'),
  SLACK_TOKEN_OLLAN: slackKey('xoxb-'),
  SLACK_TOKEN_VERA: slackKey('xoxb-'),
  SLACK_TOKEN_MOLTBOT: slackKey('xoxb-'),
  SLACK_AVATARS_URL: folderUrl,
  SLACK_PORT: portNumber,
  SLACK_COMMAND_PREFIX: z.string().regex(/^$|^[a-z0-9][a-z0-9_-]{0,19}$/, {
    message: 'may have up to 20 small letters, digits, - and _, and starts with a letter or digit',
  }),
  SLACK_API_URL: folderUrl,
};

type Given = z.infer<z.ZodObject<typeof slackShape>>;

const personaToken = (persona: (typeof thinkers)[number]) =>
  `SLACK_TOKEN_${persona.toUpperCase() as Uppercase<typeof persona>}` as const;

/** Throws FactoryError `bad-setting` where they do not fit together. */
export function slackSettings(value: Given): SlackSettings {
  const faults: string[] = [];
  if (value.SLACK_APP_TOKEN === '' && value.SLACK_SIGNING_SECRET === '')
    faults.push(
      'SLACK_APP_TOKEN: is needed beside SLACK_BOT_TOKEN for Socket Mode; or set SLACK_SIGNING_SECRET for signed HTTP',
    );
  const users = new Map([[value.SLACK_BOT_TOKEN, 'SLACK_BOT_TOKEN']]);
  const personaTokens: Partial<Record<(typeof thinkers)[number], string>> = {};
  for (const persona of thinkers) {
    const name = personaToken(persona);
    const token = value[name];
    if (token === '') continue;
    const other = users.get(token);
    if (other !== undefined) faults.push(`${name}: is the token of ${other}; each persona needs an app of its own`);
    users.set(token, name);
    personaTokens[persona] = token;
  }
  if (faults.length > 0) throw badSettings(faults);
  return {
    botToken: value.SLACK_BOT_TOKEN,
    delivery:
      value.SLACK_APP_TOKEN === ''
        ? { kind: 'http', signingSecret: value.SLACK_SIGNING_SECRET, port: value.SLACK_PORT }
        : { kind: 'socket', appToken: value.SLACK_APP_TOKEN },
    personaTokens,
    avatarsUrl: value.SLACK_AVATARS_URL === '' ? null : value.SLACK_AVATARS_URL,
    commandPrefix: value.SLACK_COMMAND_PREFIX,
    apiUrl: value.SLACK_API_URL,
  };
}

/** Tokens without the one that opens Slack; what a person should know then. */
export function idleSlackKeys(value: Given): string[] {
  const names = ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', ...thinkers.map(personaToken)] as const;
  const idle = names.find((name) => value[name] !== '');
  return value.SLACK_BOT_TOKEN === '' && idle !== undefined
    ? [`${idle} is set and SLACK_BOT_TOKEN is not, so Slack is not used.`]
    : [];
}

import path from 'node:path';
import * as z from 'zod';
import { FactoryError } from './errors.ts';
import { gitHubSettings, gitHubToken } from './github-settings.ts';
import type { GitHubSettings } from './github-settings.ts';
import { settings } from './settings.ts';
import { timeZoneOf, timeZoneSetting, workingHoursSetting } from './working-hours.ts';
import type { WorkingHours } from './working-hours.ts';

export interface Config {
  port: number;
  portIsExplicit: boolean;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  approvers: string[];
  sandbox: 'bubblewrap' | 'none';
  approvalExpiryHours: number;
  /** null: the personas work without a model. */
  model: ModelSettings | null;
  /** null: nobody talks in Slack. */
  slack: SlackSettings | null;
  /** null: repositories are folders of this machine. */
  github: GitHubSettings | null;
  /** Who knows of vulnerable packages; ends with a slash. null: nobody is asked. */
  osvUrl: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** When people are reminded of what waits for them, Monday to Friday; null: never. */
  workingHours: WorkingHours | null;
  /** What a person should know about how the settings were read. */
  notes: readonly string[];
}

/** Personas that a model of their own may be set for: `OPENAI_MODEL_OLLAN`, and likewise its URL and key. */
export const thinkers = ['tess', 'piper', 'mason', 'ollan', 'vera', 'moltbot'] as const;

export interface ModelSettings {
  endpoints: Readonly<Record<(typeof thinkers)[number], ModelEndpoint>>;
  windowTokens: number;
  timeoutSeconds: number;
  budgets: Readonly<Record<'step' | 'task' | 'day', BudgetCaps>>;
}

export interface ModelEndpoint {
  baseUrl: string;
  /** null: the server needs none. */
  apiKey: string | null;
  model: string;
  /** US dollars per million tokens; null: not said. */
  price: { inputUsd: number; outputUsd: number } | null;
}

/** null: no limit. */
export interface BudgetCaps {
  tokens: number | null;
  usd: number | null;
  minutes: number | null;
  toolCalls: number | null;
}

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

const url = (schemes: string[]) =>
  z.string().refine((value) => value === '' || schemes.some((scheme) => value.startsWith(`${scheme}://`)), {
    message: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** One rule for the common address and for those of single personas. */
const modelUrl = url(['http', 'https'])
  .refine((value) => value === '' || URL.canParse(value), {
    message: 'must be a whole address, as https://models.example/v1',
  })
  .refine((value) => !URL.canParse(value) || hasReadableLogin(new URL(value)), {
    message: 'has a user or password with a stray "%"; write it as %25',
  });

function hasReadableLogin({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** Others cannot be sent in a header, and some clients repeat them in their complaint. */
const modelKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]*$/, 'holds a space, a line break or a letter that no key has');

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address that secrets are sent to, or that others fetch from. Ends with a slash afterwards. */
const folderUrl = z
  .string()
  .refine((value) => value === '' || URL.canParse(value), { message: 'must be a whole address, with https://' })
  .refine(
    (value) => {
      if (!URL.canParse(value)) return true;
      const { protocol, hostname } = new URL(value);
      return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
    },
    { message: 'must start with https://; http:// is for this machine only' },
  )
  .transform((value) => (value === '' || value.endsWith('/') ? value : `${value}/`));

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

/** Per million tokens; more is a slip of the pen, and would not fit the counters. */
const MAX_PRICE_USD = 1000;

const prices = z.string().transform((text, context) => {
  const found = new Map<string, NonNullable<ModelEndpoint['price']>>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, name, input, output] = /^(\S+?)\s*=\s*(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    const price = { inputUsd: Number(input), outputUsd: Number(output) };
    if (name === undefined || price.inputUsd > MAX_PRICE_USD || price.outputUsd > MAX_PRICE_USD) {
      const message = `"${entry}" is no price; write NAME=IN/OUT in dollars per million tokens, at most ${MAX_PRICE_USD}, as big=1.25/10`;
      context.addIssue({ code: 'custom', message });
    } else found.set(name, price);
  }
  return found;
});

const capWords: Readonly<Record<string, keyof BudgetCaps>> = {
  tokens: 'tokens',
  usd: 'usd',
  minutes: 'minutes',
  tools: 'toolCalls',
};

const caps = z.string().transform((text, context) => {
  const found: BudgetCaps = { tokens: null, usd: null, minutes: null, toolCalls: null };
  if (text.trim() === 'none') return found;
  for (const part of text.split(/[\s,]+/).filter((word) => word !== '')) {
    const [, word = '', amount = ''] = /^([^=]*)=?(.*)$/.exec(part) ?? [];
    const cap = Object.hasOwn(capWords, word) ? capWords[word] : undefined;
    const isWhole = cap === 'tokens' || cap === 'toolCalls';
    const value = /^\d+(?:\.\d+)?$/.test(amount) ? Number(amount) : Number.NaN;
    if (cap === undefined) {
      const message = `"${part}" is not known; write tokens=, usd=, minutes= or tools= with a number, or none`;
      context.addIssue({ code: 'custom', message });
    } else if (found[cap] !== null) {
      context.addIssue({ code: 'custom', message: `${word} is given twice` });
    } else if (!(value > 0) || (isWhole && !Number.isSafeInteger(value))) {
      const message = `"${part}" needs a ${isWhole ? 'whole ' : ''}number over 0`;
      context.addIssue({ code: 'custom', message });
    } else found[cap] = value;
  }
  return found;
});

const portNumber = z.string().regex(/^\d+$/, 'must be a number').transform(Number).pipe(z.int().min(0).max(65_535));

const schema = z.object({
  PORT: portNumber,
  WORKBENCH_DATA: z.string().min(1),
  DATABASE_URL: url(['postgres', 'postgresql']),
  REDIS_URL: url(['redis', 'rediss']),
  APPROVERS: z.string().transform((list) =>
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
  SANDBOX: z.enum(['bubblewrap', 'none']),
  APPROVAL_EXPIRY_HOURS: z.string().transform(Number).pipe(z.number().positive().max(8760)),
  OPENAI_MODEL: z.string(),
  OPENAI_BASE_URL: modelUrl,
  OPENAI_API_KEY: modelKey,
  MODEL_PRICES: prices,
  MODEL_WINDOW_TOKENS: z.string().transform(Number).pipe(z.int().min(2000)),
  MODEL_TIMEOUT_SECONDS: z.string().transform(Number).pipe(z.number().positive().max(3600)),
  BUDGET_STEP: caps,
  BUDGET_TASK: caps,
  BUDGET_DAY: caps,
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
  GITHUB_TOKEN: gitHubToken,
  GITHUB_API_URL: folderUrl,
  GITHUB_URL: folderUrl,
  GITHUB_LABEL: z.string().trim().min(1, 'must be the name of a label').max(50),
  GITHUB_WEBHOOK_SECRET: z.string().trim(),
  GITHUB_WEBHOOK_PORT: portNumber,
  OSV_URL: folderUrl,
  WORKING_HOURS: workingHoursSetting,
  TIME_ZONE: timeZoneSetting,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
});

/**
 * Reads the settings. Relative paths resolve against `cwd` (npm changes the working directory, so callers pass
 * `INIT_CWD`). Throws FactoryError `bad-setting` that names each setting that will not do.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, { default: fallback }]) => [name, valueOf(env, name, fallback)]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw badSettings(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const value = parsed.data;
  const model = value.OPENAI_MODEL === '' ? null : modelSettings(value, env);
  return {
    port: value.PORT,
    portIsExplicit: (env['PORT'] ?? '') !== '',
    dataDir: path.resolve(cwd, value.WORKBENCH_DATA),
    databaseUrl: value.DATABASE_URL === '' ? null : value.DATABASE_URL,
    redisUrl: value.REDIS_URL === '' ? null : value.REDIS_URL,
    approvers: value.APPROVERS,
    sandbox: value.SANDBOX,
    approvalExpiryHours: value.APPROVAL_EXPIRY_HOURS,
    model,
    slack: value.SLACK_BOT_TOKEN === '' ? null : slackSettings(value),
    github: gitHubSettings(value),
    osvUrl: value.OSV_URL === '' ? null : value.OSV_URL,
    logLevel: value.LOG_LEVEL,
    workingHours: value.WORKING_HOURS && { ...value.WORKING_HOURS, timeZone: timeZoneOf(value.TIME_ZONE) },
    notes: [...notesOn(value), ...openLines(model)],
  };
}

function notesOn(value: z.infer<typeof schema>): string[] {
  const notes: string[] = [];
  if (value.OPENAI_MODEL === '' && value.OPENAI_API_KEY !== '')
    notes.push('OPENAI_API_KEY is set and OPENAI_MODEL is not, so no model is used.');
  const idle = (['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', ...thinkers.map(personaToken)] as const).find(
    (name) => value[name] !== '',
  );
  if (value.SLACK_BOT_TOKEN === '' && idle !== undefined)
    notes.push(`${idle} is set and SLACK_BOT_TOKEN is not, so Slack is not used.`);
  return notes;
}

/** Servers on other machines that a key or password is sent to for all on the way to read. */
function openLines(model: ModelSettings | null): string[] {
  const hosts = Object.values(model?.endpoints ?? {}).flatMap(({ baseUrl, apiKey }) => {
    const { protocol, hostname, host, password } = new URL(baseUrl);
    const isOpen = protocol === 'http:' && !loopback.test(hostname) && (apiKey !== null || password !== '');
    return isOpen ? [host] : [];
  });
  return [...new Set(hosts)].map(
    (host) =>
      `The line to the model at ${host} is not encrypted, so its key can be read on the way; https:// keeps it safe.`,
  );
}

function badSettings(faults: readonly string[]): FactoryError {
  return new FactoryError('bad-setting', `These settings will not do: ${faults.join('; ')}.`, {
    fix: 'Correct them in the environment or in .env; see .env.example.',
  });
}

/** Every persona's endpoint. What is not set for a persona is the common one's. */
function modelSettings(
  value: z.infer<typeof schema>,
  env: Readonly<Record<string, string | undefined>>,
): ModelSettings {
  const faults: string[] = [];
  const endpoint = (persona: (typeof thinkers)[number]): ModelEndpoint => {
    const own = (name: string) => env[`${name}_${persona.toUpperCase()}`] ?? '';
    const baseUrl = own('OPENAI_BASE_URL') || value.OPENAI_BASE_URL;
    const parsedUrl = modelUrl.safeParse(baseUrl);
    if (!parsedUrl.success) {
      for (const { message } of parsedUrl.error.issues)
        faults.push(`OPENAI_BASE_URL_${persona.toUpperCase()}: ${message}`);
    }
    const model = own('OPENAI_MODEL') || value.OPENAI_MODEL;
    // A key is for the server that it was given for.
    const mayShareKey = parsedUrl.success && new URL(baseUrl).origin === new URL(value.OPENAI_BASE_URL).origin;
    const ownKey = modelKey.safeParse(own('OPENAI_API_KEY'));
    for (const { message } of ownKey.error?.issues ?? [])
      faults.push(`OPENAI_API_KEY_${persona.toUpperCase()}: ${message}`);
    const apiKey = ownKey.data || (mayShareKey ? value.OPENAI_API_KEY : '');
    return { baseUrl, apiKey: apiKey === '' ? null : apiKey, model, price: value.MODEL_PRICES.get(model) ?? null };
  };
  const endpoints = Object.fromEntries(
    thinkers.map((persona) => [persona, endpoint(persona)]),
  ) as ModelSettings['endpoints'];
  const budgets = { step: value.BUDGET_STEP, task: value.BUDGET_TASK, day: value.BUDGET_DAY };
  const unpriced = new Set(Object.values(endpoints).flatMap(({ model, price }) => (price === null ? [model] : [])));
  for (const [scope, { usd }] of Object.entries(budgets)) {
    if (usd === null || unpriced.size === 0) continue;
    const example = [...unpriced].map((model) => `${model}=1.25/10`).join(', ');
    faults.push(
      `BUDGET_${scope.toUpperCase()}: usd needs a price; write MODEL_PRICES="${example}" with what it costs, 0/0 where it costs nothing`,
    );
  }
  if (faults.length > 0) throw badSettings(faults);
  const { MODEL_WINDOW_TOKENS: windowTokens, MODEL_TIMEOUT_SECONDS: timeoutSeconds } = value;
  return { endpoints, windowTokens, timeoutSeconds, budgets };
}

const personaToken = (persona: (typeof thinkers)[number]) =>
  `SLACK_TOKEN_${persona.toUpperCase() as Uppercase<typeof persona>}` as const;

function slackSettings(value: z.infer<typeof schema>): SlackSettings {
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

/** An empty value is as good as none, but for the approvers: there it says that nobody may approve. */
function valueOf(env: Readonly<Record<string, string | undefined>>, name: string, fallback: string): string {
  const given = env[name];
  return given === undefined || (given === '' && name !== 'APPROVERS') ? fallback : given;
}

import * as z from 'zod';
import { badSettings, loopback, url } from './setting-kinds.ts';

/** Personas that a model of their own may be set for: `OPENAI_MODEL_OLLAN`, and likewise its URL and key. */
export const thinkers = ['tess', 'piper', 'mason', 'ollan', 'vera', 'moltbot'] as const;

export interface ModelSettings {
  endpoints: Readonly<Record<(typeof thinkers)[number], ModelEndpoint>>;
  /** By the model's name, also of those that nobody thinks with. */
  prices: ReadonlyMap<string, NonNullable<ModelEndpoint['price']>>;
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

/** How each setting of the model is read. */
export const modelShape = {
  OPENAI_MODEL: z.string(),
  OPENAI_BASE_URL: modelUrl,
  OPENAI_API_KEY: modelKey,
  MODEL_PRICES: prices,
  MODEL_WINDOW_TOKENS: z.string().transform(Number).pipe(z.int().min(2000)),
  MODEL_TIMEOUT_SECONDS: z.string().transform(Number).pipe(z.number().positive().max(3600)),
  BUDGET_STEP: caps,
  BUDGET_TASK: caps,
  BUDGET_DAY: caps,
};

type Given = z.infer<z.ZodObject<typeof modelShape>>;

/** Every persona's endpoint. What is not set for a persona is the common one's. */
export function modelSettings(value: Given, env: Readonly<Record<string, string | undefined>>): ModelSettings {
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
  return { endpoints, prices: value.MODEL_PRICES, windowTokens, timeoutSeconds, budgets };
}

/** Servers on other machines that a key or password is sent to for all on the way to read. */
export function openLines(model: ModelSettings | null): string[] {
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

/** A key alone says nothing; what a person should know then. */
export function idleModelKey(value: Given): string[] {
  return value.OPENAI_MODEL === '' && value.OPENAI_API_KEY !== ''
    ? ['OPENAI_API_KEY is set and OPENAI_MODEL is not, so no model is used.']
    : [];
}

import type { Complaint } from './call-fault.ts';

/** What a server takes of chat completions. Each field begins at the best and steps down once that is refused. */
export interface Dialect {
  stream: boolean;
  /** `stream_options.include_usage` */
  streamUsage: boolean;
  /** How the shape of an answer is asked for. */
  answer: 'strict-schema' | 'json-object' | 'words';
  tools: 'native' | 'words';
  /** `strict: true` on tools: arguments are held to their schema. */
  strictTools: boolean;
  /** Tools and `response_format` in one request. */
  toolsWithFormat: boolean;
  limit: 'max_tokens' | 'max_completion_tokens';
}

/**
 * OpenAI's newer models refuse `max_tokens`. Everyone else knows it, and some servers ignore the newer name without a
 * word, which would lift the limit.
 */
export function firstDialect(host: string): Dialect {
  return {
    stream: true,
    streamUsage: true,
    answer: 'strict-schema',
    tools: 'native',
    strictTools: true,
    toolsWithFormat: true,
    limit: /(^|\.)openai\.com(:\d+)?$/.test(host) ? 'max_completion_tokens' : 'max_tokens',
  };
}

export type Feature = keyof Dialect;

/** What to do without, in the order in which it is tried when the server does not say what it minds. */
export const features: readonly Feature[] = [
  'streamUsage',
  'strictTools',
  'toolsWithFormat',
  'answer',
  'limit',
  'tools',
  'stream',
];

/** Wordings by which servers name what they mind. The first that fits and that the request uses is stepped down. */
const NAMED: readonly (readonly [Feature, RegExp])[] = [
  ['limit', /max_(completion_)?tokens/i],
  ['streamUsage', /stream_options|include_usage/i],
  [
    'toolsWithFormat',
    /(tools?|function)\b.{0,60}\b(with|and|together|when|combin).{0,60}(response_format|json|structured)|(response_format|json|structured).{0,60}\b(with|and|together|when|combin).{0,60}(tools?|function)\b/i,
  ],
  ['strictTools', /\bstrict\b/i],
  ['answer', /response_format|json_schema|json_object|json mode|structured output|guided|grammar/i],
  ['tools', /\btools?\b|tool[_ -](use|calls?|choice)|function[_ -]?call/i],
  ['stream', /\bstream(ing)?\b/i],
];

/** Servers that lack something say so in one of these ways. */
const LACK =
  /support|unsupported|requires?\b|not implemented|not enabled|not allowed|not permitted|unknown|unrecogni[sz]ed|unexpected|extra (fields|inputs)|disabled/i;

/**
 * The dialect to try after a refusal: without what the server names, else without the next thing that it has never
 * been seen to take. null: there is nothing left to do without.
 */
export function stepDown(
  dialect: Dialect,
  refused: {
    complaint: Complaint;
    used: readonly Feature[];
    proven: ReadonlySet<Feature>;
    tried: ReadonlySet<Feature>;
  },
): Dialect | null {
  const { complaint, used, proven, tried } = refused;
  const told = `${complaint.code ?? ''} ${complaint.message}`;
  const canDrop = (feature: Feature) => used.includes(feature) && (feature !== 'limit' || !tried.has('limit'));
  // What the server took before, or a fault of its own, is only believed when it says outright that it lacks something.
  const saysLack = LACK.test(told);
  const isRefusal = complaint.status !== null && complaint.status < 500;
  const named = NAMED.find(
    ([feature, words]) => canDrop(feature) && words.test(told) && (saysLack || (isRefusal && !proven.has(feature))),
  );
  if (named !== undefined) return without(dialect, named[0]);
  // A 5xx and a 404 that name nothing are what they say; a 400 may be about anything.
  if (complaint.status !== 400 && complaint.status !== 422) return null;
  const next = features.find((feature) => canDrop(feature) && !proven.has(feature));
  return next === undefined ? null : without(dialect, next);
}

/** Could the server mean that it lacks something? Wrong keys and full servers are never about features. */
export function mayBeLacking({ status, isInAnswer }: Complaint): boolean {
  if (status === null) return isInAnswer;
  return [400, 404, 415, 422, 500, 501].includes(status);
}

export function without(dialect: Dialect, feature: Feature): Dialect {
  switch (feature) {
    case 'answer':
      return { ...dialect, answer: dialect.answer === 'strict-schema' ? 'json-object' : 'words' };
    case 'tools':
      return { ...dialect, tools: 'words' };
    case 'limit':
      return { ...dialect, limit: dialect.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' };
    case 'stream':
    case 'streamUsage':
    case 'strictTools':
    case 'toolsWithFormat':
      return { ...dialect, [feature]: false };
  }
}

/** In words for a person: what is missing and what is done instead. */
export function shortcomingsOf(dialect: Dialect): string[] {
  return [
    ...(dialect.answer === 'json-object'
      ? ['This server holds no answer to a schema; it is told the schema in words and held to JSON only.']
      : []),
    ...(dialect.answer === 'words'
      ? ['This server has no structured answers; the answer is asked for as JSON in words and repaired if need be.']
      : []),
    ...(dialect.tools === 'words'
      ? ['This server has no tool calls; the tools are described in words and the model answers with JSON.']
      : []),
    ...(dialect.tools === 'native' && !dialect.strictTools
      ? ['This server does not hold tool calls to their schema; they are checked here only.']
      : []),
    ...(dialect.answer !== 'words' && dialect.tools === 'native' && !dialect.toolsWithFormat
      ? ['This server takes no tools together with a structured answer; then the answer is asked for in words.']
      : []),
    ...(dialect.stream ? [] : ['This server does not stream; an answer is waited for as a whole.']),
    ...(dialect.stream && !dialect.streamUsage
      ? ['This server does not count tokens while it streams; they are estimated from the text.']
      : []),
  ];
}

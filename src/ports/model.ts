import type { PersonaName } from './personas.ts';

/**
 * A language model behind an endpoint that speaks OpenAI's chat completions. Terms: a *call* is one request and its
 * answer; a *tool call* is the model asking for a tool, which the host may refuse; *tokens* are the endpoint's own.
 */
export interface Model {
  /** What the endpoint calls it. */
  readonly name: string;
  /** Tokens that request and answer may fill together. */
  readonly windowTokens: number;
  /**
   * One call. Retries by itself what passes by itself (429, 5xx, a cut stream), a bounded number of times; nothing of
   * a partial answer is ever returned. Rejects with the signal's reason when it is aborted, at once. Throws FactoryError:
   * `model-key-refused`, `model-unknown`, `model-window-too-small`, `model-request-refused` (no use in repeating);
   * `model-busy`, `model-quota`, `model-unreachable` (the task waits); all ModelFailure, which says what may be spent.
   */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
  /** What this server lacks and what is done instead, one sentence each, as found out so far. */
  shortcomings(): readonly string[];
  /** Finds out with small calls whether key, model, tools and structured answers work. */
  probe(signal: AbortSignal): Promise<ModelProbe>;
}

/** Plain data: its canonical JSON is kept as an artifact. */
export interface ModelRequest {
  messages: readonly ModelMessage[];
  tools: readonly ToolOffer[];
  /** The shape that an answer without tool calls must have: JSON of this schema. null: free text. */
  answer: { name: string; schema: JsonSchema } | null;
  maxAnswerTokens: number;
}

export type ModelMessage =
  | { role: 'system'; text: string }
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string | null; toolCalls: readonly ToolCall[] }
  /** Answers one tool call of the assistant message before it. */
  | { role: 'tool'; callId: string; text: string };

export interface ToolOffer {
  name: string;
  description: string;
  parameters: JsonSchema;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON as the model wrote it; it may not be valid. */
  arguments: string;
}

/** JSON Schema as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface ModelAnswer {
  text: string | null;
  toolCalls: readonly ToolCall[];
  /** `length`: it was cut off by maxAnswerTokens. `refused`: the model or a filter declined. */
  finish: 'stop' | 'tool-calls' | 'length' | 'refused';
  usage: TokenUsage;
}

export interface TokenUsage {
  inputTokens: number;
  /** Part of the input that the endpoint had in its cache. */
  cachedTokens: number;
  outputTokens: number;
  /** The endpoint did not say; counted from the text. */
  isEstimate: boolean;
}

export type ModelProbe =
  | { ok: true; detail: string; shortcomings: readonly string[] }
  | { ok: false; reason: string; fix: string };

/** US dollars per million tokens. */
export interface ModelPrice {
  inputUsd: number;
  outputUsd: number;
}

/** Which persona thinks with which model. */
export interface ModelOffice {
  /** `otherModel`: the one of that name at the persona's endpoint, in place of the one that is set. */
  for(persona: PersonaName, otherModel?: string): { model: Model; price: ModelPrice | null };
}

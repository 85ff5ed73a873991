import type { Clock } from '#src/ports/clock.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { ModelFailureCode } from '#src/ports/model-failure.ts';
import { CallFault, MAX_TRIES } from './call-fault.ts';
import type { Complaint, Endpoint } from './call-fault.ts';
import { retryAfterMs } from './retry-after.ts';
import { quoted } from './server-words.ts';

/**
 * Wordings of a request that the window cannot hold: OpenAI and vLLM ("maximum context length", "maximum model
 * length"), llama.cpp ("exceeds the available context size"), Ollama ("exceeds the context length"), LM Studio
 * ("context length of only"), Anthropic ("prompt is too long"), Gemini ("exceeds the maximum number of tokens"), Groq
 * ("reduce the length of the messages"), TGI ("max_new_tokens` must be <=").
 */
const WINDOW =
  /maximum (context|model) length|context[ _-]?(length|size|window)|exceed_context_size|prompt is too long|input is too long|too many (input )?tokens|exceeds? the maximum number of (input )?tokens|reduce the length of the (messages|prompt|input)|max_new_tokens.{0,3} must be <=/i;
const TOO_LARGE_AT_ONCE = /request too large/i;
const QUOTA =
  /insufficient[ _](quota|balance|credits?|funds)|exceeded your current quota|billing_(hard_limit|not_active)|credit balance is too low|out of credits/i;
const UNKNOWN_MODEL =
  /\bmodel\b[^.\n]{0,120}(not found|does not exist|doesn't exist|is not available)|(unknown|invalid|no such|not a valid) model|not a valid model|no access to model|does not have access to model/i;
/** 503 and 529 (Anthropic's "overloaded") turn a request away before any work on it. */
const TURNED_AWAY = new Set([429, 503, 529]);
/** They may pass though they are no 5xx: timeout, conflict (OpenAI's lock), too early. */
const PASSING = new Set([408, 409, 425]);
/** Names that gateways put in place of a number, when the error comes inside of a 200. */
const STATUS_OF_NAME: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  insufficient_quota: 429,
  overloaded_error: 529,
  authentication_error: 401,
  invalid_api_key: 401,
  permission_error: 403,
  model_not_found: 404,
  not_found_error: 404,
  invalid_request_error: 400,
  context_length_exceeded: 400,
  badrequesterror: 400,
};

/** What a server's complaint means for the call: which failure, and whether it is worth another try. */
export function judgeComplaint(
  complaint: Complaint,
  { model, host, apiKey, password }: Endpoint,
  clock: Clock,
): CallFault {
  const status = complaint.status ?? STATUS_OF_NAME[complaint.code?.toLowerCase() ?? ''] ?? 500;
  const words = quoted(complaint.message, [apiKey, password]);
  const told = `${complaint.code ?? ''} ${complaint.message}`;
  const fault = (code: ModelFailureCode, message: string, fix: string, again: 'again' | 'never' = 'never') => {
    const maySpend = complaint.isInAnswer || status === 408 || (status >= 500 && !TURNED_AWAY.has(status));
    const failure = new ModelFailure(code, message, { fix, maySpend, retryable: again === 'again' });
    const waitMs = retryAfterMs(complaint.headers, clock);
    return new CallFault(failure, { tries: again === 'again' ? MAX_TRIES : 1, waitMs, complaint });
  };

  if (isWindow(status, told)) {
    return fault(
      'model-window-too-small',
      `What was to be asked does not fit into ${model} at ${host}. It says: ${words}.`,
      'Set MODEL_WINDOW_TOKENS to what the server really holds, start the server with a larger context, or choose another model.',
    );
  }
  if (QUOTA.test(told) || status === 402) {
    return fault(
      'model-quota',
      `The account at ${host} has no quota left for ${model}.`,
      'Add credit or raise the limit with the provider, or set another OPENAI_API_KEY; then resume.',
    );
  }
  if (isUnknownModel(status, complaint)) {
    return fault(
      'model-unknown',
      `${host} does not know the model ${model}.`,
      `Set OPENAI_MODEL to a name that ${host} lists under /models, or make ${model} available there.`,
    );
  }
  if (status === 401 || status === 403) {
    const why = apiKey === null ? 'wants a key, and none is set' : 'refuses the key';
    return fault(
      'model-key-refused',
      `${host} ${why} (HTTP ${status}), so ${model} cannot be asked.`,
      'Set OPENAI_API_KEY to a key of this server that may use this model.',
    );
  }
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const what = status < 400 ? 'sends the request to another place' : 'has no chat completions at this address';
    return fault(
      'model-unreachable',
      `${host} ${what} (HTTP ${status}), so ${model} cannot be asked.`,
      'Correct OPENAI_BASE_URL. Is it the right URL, such as https://host/v1?',
    );
  }
  if (status === 429 || status === 503 || status === 529) {
    return fault(
      'model-busy',
      `${model} at ${host} is busy (HTTP ${status})${status === 429 ? ': too many requests' : ''}.`,
      'Nothing needs to be done: it is tried again later. If it stays so, raise the rate limit or choose another model.',
      'again',
    );
  }
  if (status >= 500 || PASSING.has(status)) {
    return fault(
      'model-unreachable',
      `${host} failed while ${model} was asked (HTTP ${complaint.status ?? 'error inside of the answer'}). It says: ${words}.`,
      `Look at the log of ${host}, or resume later.`,
      'again',
    );
  }
  return fault(
    'model-request-refused',
    `${host} refuses what ${model} was asked (HTTP ${status}). It says: ${words}.`,
    'Choose another model or server, or report this with the words above.',
  );
}

/** A filter turned the question down, before or instead of an answer: Azure and OpenAI say so with a 400. */
export function isFiltered({ status, code, message }: Complaint): boolean {
  return (
    (status === 400 || status === null) &&
    /content_filter|content_policy_violation|ResponsibleAIPolicy/i.test(`${code ?? ''} ${message}`)
  );
}

function isWindow(status: number, told: string): boolean {
  if (status === 413) return true;
  if (status === 429) return TOO_LARGE_AT_ONCE.test(told);
  return status >= 400 && status <= 500 && status !== 401 && status !== 403 && WINDOW.test(told);
}

function isUnknownModel(status: number, { code, message }: Complaint): boolean {
  if (code === 'model_not_found' || code === 'DeploymentNotFound') return true;
  return (status === 400 || status === 403 || status === 404 || status === 422) && UNKNOWN_MODEL.test(message);
}

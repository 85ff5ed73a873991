import { OpenAI } from 'openai';
import { Stream } from 'openai/streaming';
import type { Clock } from '#src/ports/clock.ts';
import { AnswerTooLong, boundedFetch } from './bounded-fetch.ts';
import { CallFault, FEW_TRIES } from './call-fault.ts';
import type { Complaint, Endpoint } from './call-fault.ts';
import { complaintIn } from './complaint-in-answer.ts';
import { brokenAnswer, endless, judgeConnection, notJson, silence } from './judge-connection.ts';
import { judgeComplaint } from './judge-complaint.ts';
import { addPiece, emptyAnswer } from './raw-answer.ts';
import type { RawAnswer } from './raw-answer.ts';
import { looksLikeHtml } from './server-words.ts';
import type { RequestBody } from './write-request.ts';

export interface Wire {
  /** One try. Rejects with CallFault, or with the signal's reason as soon as it is aborted. */
  send(body: RequestBody, signal: AbortSignal): Promise<RawAnswer>;
}

export interface WireOptions {
  baseUrl: string;
  endpoint: Endpoint;
  /** How long nothing may come: before the first part of an answer, and between two parts. */
  timeoutSeconds: number;
  clock: Clock;
}

const SILENT = Symbol('silent');
const ENDLESS = Symbol('endless');
/** An answer may take so many times the time of one silence; a slow machine writes a long one in less. */
const WHOLE_TIMES = 30;

export function createWire({ baseUrl, endpoint, timeoutSeconds, clock }: WireOptions): Wire {
  const client = createClient(baseUrl, endpoint.apiKey, timeoutSeconds);

  const send = async (body: RequestBody, signal: AbortSignal): Promise<RawAnswer> => {
    signal.throwIfAborted();
    const watch = watchSilence(signal, timeoutSeconds * 1000);
    try {
      const sent = client.chat.completions.create(body, { signal: watch.signal }).asResponse();
      const response = await watch.orStopped(sent);
      watch.heard();
      return isStream(response, body) ? await readStream(response, watch) : await readWhole(response, watch);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (watch.signal.reason === SILENT) throw silence(endpoint, timeoutSeconds);
      if (watch.signal.reason === ENDLESS) throw endless(endpoint, timeoutSeconds * WHOLE_TIMES);
      throw asFault(error);
    } finally {
      watch.end();
    }
  };

  const readStream = async (response: Response, watch: Watch): Promise<RawAnswer> => {
    const answer = emptyAnswer();
    const read = async () => {
      // The SDK aborts what it is given when a stream breaks; the watch must not take that for a stop.
      for await (const piece of Stream.fromSSEResponse<unknown>(response, new AbortController(), client)) {
        watch.heard();
        take(answer, piece);
      }
    };
    await watch.orStopped(read());
    // The SDK ends an aborted stream as if it were complete.
    watch.signal.throwIfAborted();
    if (answer.finish === null) {
      throw brokenAnswer(endpoint, 'the stream ended in the middle', { isCutShort: true });
    }
    return answer;
  };

  const readWhole = async (response: Response, watch: Watch): Promise<RawAnswer> => {
    const text = await watch.orStopped(response.text());
    if (looksLikeHtml(response.headers.get('content-type'), text)) throw notJson(endpoint);
    const answer = emptyAnswer();
    take(answer, parseWhole(text));
    // Whole answers that do not say why they ended are complete all the same.
    answer.finish ??= 'stop';
    return answer;
  };

  const parseWhole = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw brokenAnswer(endpoint, 'its JSON is cut off or broken');
    }
  };

  /** Gateways send errors inside of a 200, also in the middle of a stream. */
  const take = (answer: RawAnswer, said: unknown) => {
    const complaint = complaintIn(said);
    if (complaint !== null) throw judge({ ...complaint, headers: undefined, isInAnswer: true });
    if (!addPiece(answer, said)) {
      throw brokenAnswer(endpoint, 'it is not of the form of chat completions', { tries: FEW_TRIES });
    }
  };

  const judge = (complaint: Complaint) => judgeComplaint(complaint, endpoint, clock);

  const asFault = (error: unknown): CallFault => {
    if (error instanceof CallFault) return error;
    if (error instanceof AnswerTooLong) return brokenAnswer(endpoint, error.message, { tries: 1 });
    if (error instanceof SyntaxError) return brokenAnswer(endpoint, 'a part of its stream is no JSON');
    if (!(error instanceof OpenAI.APIError)) return judgeConnection(error, endpoint, timeoutSeconds);
    const { status, headers }: { status: number | undefined; headers: Headers | undefined } = error;
    if (status === undefined && headers === undefined) return judgeConnection(error, endpoint, timeoutSeconds);
    const body: unknown = error.error;
    const found = complaintIn(typeof body === 'string' ? { error: body } : body);
    const isPage = looksLikeHtml(headers?.get('content-type') ?? null, '') && found === null;
    if (isPage && status !== undefined && status < 500 && status !== 429) return notJson(endpoint);
    return judge({
      code: found?.code ?? null,
      message: isPage ? 'a web page' : (found?.message ?? error.message),
      status: status ?? found?.status ?? null,
      headers,
      isInAnswer: status === undefined,
    });
  };

  return { send };
}

function createClient(baseUrl: string, apiKey: string | null, timeoutSeconds: number): OpenAI {
  const url = new URL(baseUrl);
  const { username, password } = url;
  // fetch refuses an address with a password in it; servers behind basic authentication take it as a header.
  url.username = '';
  url.password = '';
  const basic =
    username === ''
      ? null
      : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  return new OpenAI({
    baseURL: url.href.replace(/\/+$/, ''),
    // The SDK insists on a key; where there is none, the header is taken out again.
    apiKey: apiKey ?? 'none',
    ...(apiKey === null ? { defaultHeaders: { Authorization: basic } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    // Silence is watched here; the SDK only knows a time for the whole.
    timeout: timeoutSeconds * 2000,
    fetch: boundedFetch,
    // What is sent goes where the settings say, never on to another host.
    fetchOptions: { redirect: 'manual' },
    logLevel: 'off',
  });
}

/** Some servers answer as a whole though a stream was asked for, and some forget to say that it is a stream. */
function isStream(response: Response, body: RequestBody): boolean {
  const type = response.headers.get('content-type') ?? '';
  return type.includes('text/event-stream') || (body.stream === true && !/json|html/.test(type));
}

interface Watch {
  signal: AbortSignal;
  heard(): void;
  /** Does not wait for `work` to notice that it was stopped. */
  orStopped<T>(work: Promise<T>): Promise<T>;
  end(): void;
}

function watchSilence(outer: AbortSignal, silenceMs: number): Watch {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort(outer.reason);
  outer.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => controller.abort(SILENT), silenceMs);
  const whole = setTimeout(() => controller.abort(ENDLESS), silenceMs * WHOLE_TIMES);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  stopped.catch(() => undefined);
  return {
    signal,
    heard: () => timer.refresh(),
    orStopped: (work) => Promise.race([work, stopped]),
    end: () => {
      clearTimeout(timer);
      clearTimeout(whole);
      outer.removeEventListener('abort', stop);
      // Whatever is still on its way is not wanted any more.
      controller.abort();
    },
  };
}

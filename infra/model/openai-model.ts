import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#src/ports/clock.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { Model, ModelAnswer, ModelRequest } from '#src/ports/model.ts';
import { answerLimitIn } from './answer-limit.ts';
import { CallFault, FEW_TRIES } from './call-fault.ts';
import type { Endpoint } from './call-fault.ts';
import { firstDialect, mayBeLacking, shortcomingsOf, stepDown, without } from './dialect.ts';
import type { Dialect, Feature } from './dialect.ts';
import { featuresIn } from './features-in.ts';
import { brokenAnswer } from './judge-connection.ts';
import { isFiltered } from './judge-complaint.ts';
import { isJson } from './json-in-text.ts';
import { probeModel } from './probe.ts';
import { filteredAnswer, readAnswer } from './read-answer.ts';
import { createWire } from './wire.ts';
import { writeRequest } from './write-request.ts';

export interface OpenAiModelOptions {
  /** Up to and with the version, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** null: the server needs none. */
  apiKey: string | null;
  model: string;
  windowTokens: number;
  timeoutSeconds: number;
  log: Log;
  clock?: Clock;
  /** Waits before another try; rejects with the signal's reason. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_OWN_WAIT_MS = 8000;
/** More would mean that a server refuses everything in turn. */
const MAX_STEPS_DOWN = 10;
/** Streams that end in the middle, twice in a row, are not worth a third try as a stream. */
const CUT_STREAMS = 2;

/** A model behind any endpoint that speaks OpenAI's chat completions. What the server lacks is found out by use. */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const { apiKey, baseUrl, log, model, timeoutSeconds, windowTokens, clock = systemClock, pause = wait } = options;
  const { host, password } = new URL(baseUrl);
  const endpoint: Endpoint = { model, host, apiKey, password: decodeURIComponent(password) };
  const wire = createWire({ baseUrl, endpoint, timeoutSeconds, clock });
  let known = firstDialect(endpoint.host);
  const proven = new Set<Feature>();
  let longestAnswerTokens = Infinity;

  /** What worked is kept; calls that run beside this one may have found out other things meanwhile. */
  const remember = (from: Dialect, to: Dialect) => {
    const before = shortcomingsOf(known);
    known = { ...known, ...Object.fromEntries(changed(from, to).map((feature) => [feature, to[feature]])) };
    for (const shortcoming of shortcomingsOf(known).filter((said) => !before.includes(said))) {
      log.info({ model, host: endpoint.host, shortcoming }, 'a model server lacks something');
    }
  };

  const shortcomings = () => [
    ...shortcomingsOf(known),
    ...(longestAnswerTokens === Infinity
      ? []
      : [`This server ends answers at ${longestAnswerTokens} tokens; longer ones are not asked for.`]),
  ];

  const complete = async (request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> => {
    signal.throwIfAborted();
    const first = known;
    let dialect = first;
    let maySpend = false;
    let cutStreams = 0;
    const tried = new Set<Feature>();
    for (let tries = 1, steps = 0; ; ) {
      const maxAnswerTokens = Math.min(request.maxAnswerTokens, longestAnswerTokens);
      const body = writeRequest(model, { ...request, maxAnswerTokens }, dialect);
      const used = featuresIn(body);
      try {
        const raw = await wire.send(body, signal);
        const answer = readAnswer(raw, request, dialect);
        if (answer === null) throw brokenAnswer(endpoint, 'it is empty', { tries: FEW_TRIES });
        for (const feature of used) proven.add(feature);
        remember(first, ignoresSchema(answer, used) ? { ...dialect, answer: 'words' } : dialect);
        return answer;
      } catch (error) {
        if (!(error instanceof CallFault)) throw error;
        const { complaint, failure } = error;
        if (complaint !== null && isFiltered(complaint)) return filteredAnswer();
        maySpend ||= failure.maySpend;
        const limit = complaint === null ? null : answerLimitIn(complaint.message, maxAnswerTokens);
        if (limit !== null && steps < MAX_STEPS_DOWN) {
          longestAnswerTokens = limit;
          steps += 1;
          continue;
        }
        if (complaint !== null && mayBeLacking(complaint) && mayBeFeature(failure) && steps < MAX_STEPS_DOWN) {
          const less = stepDown(dialect, { complaint, used, proven, tried });
          if (less !== null) {
            for (const feature of changed(dialect, less)) tried.add(feature);
            dialect = less;
            steps += 1;
            continue;
          }
        }
        cutStreams = error.isCutShort ? cutStreams + 1 : 0;
        if (cutStreams >= CUT_STREAMS && dialect.stream) dialect = without(dialect, 'stream');
        if (tries >= error.tries) throw withSpend(failure, maySpend);
        const waitMs = Math.max(ownWaitMs(tries), error.waitMs ?? 0);
        log.info({ model, host: endpoint.host, code: failure.code, tries, waitMs }, 'a model call is tried again');
        await pause(waitMs, signal);
        tries += 1;
      }
    }
  };

  return {
    name: model,
    windowTokens,
    complete,
    shortcomings,
    probe: (signal) =>
      probeModel({
        endpoint,
        complete,
        shortcomings,
        doWithout(feature) {
          const before = known;
          remember(before, without(before, feature));
          return () => remember(known, { ...known, [feature]: before[feature] });
        },
        signal,
      }),
  };
}

/** A full window, an empty account and an unknown model are said plainly; no feature left out would help. */
function mayBeFeature({ code }: ModelFailure): boolean {
  return code === 'model-request-refused' || code === 'model-unreachable';
}

/** A server that held the answer to the schema could not have sent this. */
function ignoresSchema({ finish, text }: ModelAnswer, used: readonly Feature[]): boolean {
  return used.includes('answer') && finish === 'stop' && text !== null && !isJson(text);
}

function changed(before: Dialect, after: Dialect): Feature[] {
  return (Object.keys(before) as Feature[]).filter((feature) => before[feature] !== after[feature]);
}

function withSpend(failure: ModelFailure, maySpend: boolean): ModelFailure {
  if (failure.maySpend === maySpend) return failure;
  const { code, message, fix, retryable } = failure;
  return new ModelFailure(code as ConstructorParameters<typeof ModelFailure>[0], message, { fix, retryable, maySpend });
}

/** Doubles each time; spread by half, so that callers that failed together do not come back together. */
function ownWaitMs(tries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_OWN_WAIT_MS) * (0.5 + Math.random() / 2);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

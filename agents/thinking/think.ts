import { FactoryError } from '#src/errors.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { ModelAnswer, ModelMessage, ModelRequest } from '#src/ports/model.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { displayName } from '#src/ports/personas.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { toolsFor } from './allowlist.ts';
import type { Assignment, ThinkDependencies, ThinkFacts } from './assignment.ts';
import { createCircleWatch, goingInCircles } from './circle-watch.ts';
import { holdsWords, opening, recordedResults, repairMessage, steeringMessage } from './conversation.ts';
import { createModelNotes } from './model-notes.ts';
import { readAnswer } from './read-answer.ts';
import { answerToolCall, jsonSchemaOf, offersOf } from './tool-calls.ts';
import type { ToolDesk } from './tool-calls.ts';
import { fitHarder, fitWindow } from './window.ts';

const MAX_ANSWER_TOKENS = 8_192;
const MAX_CALLS = 60;
const MAX_REPAIRS = 2;
/** With so many calls left, the model is told to come to an end. */
const LAST_CALLS = 3;

type Recorded = Awaited<ReturnType<ThinkDependencies['calls']['recorded']>>;

/** As `thinkWithFacts`, when only the answer matters. */
export async function think<T>(assignment: Assignment<T>, dependencies: ThinkDependencies): Promise<T> {
  return (await thinkWithFacts(assignment, dependencies)).value;
}

/**
 * Lets a persona think until it gives an answer of the shape that is asked for: its tool calls are answered one after
 * the other, what people say is put before it between two calls, and what an earlier go at the step recorded is used
 * again. Throws the signal's reason when it is aborted; FactoryError `answer-unusable` after two repairs in vain,
 * `model-refused`, `going-in-circles`, `model-window-too-small`, and whatever `calls.ask` throws.
 */
export async function thinkWithFacts<T>(
  assignment: Assignment<T>,
  dependencies: ThinkDependencies,
): Promise<{ value: T; facts: ThinkFacts }> {
  const { calls, signal, clock, notes = createModelNotes() } = dependencies;
  const tools = toolsFor(assignment.persona, assignment.tools);
  const who = displayName(assignment.persona.name);
  const maxCalls = assignment.maxCalls ?? MAX_CALLS;
  const frame: Omit<ModelRequest, 'messages'> = {
    tools: offersOf(tools),
    answer: { name: assignment.answer.name, schema: jsonSchemaOf(assignment.answer.schema) },
    maxAnswerTokens: Math.min(assignment.maxAnswerTokens ?? MAX_ANSWER_TOKENS, Math.floor(calls.windowTokens / 4)),
  };
  const start = opening(
    assignment,
    tools.map(({ name }) => name),
  );
  const desk: ToolDesk = {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    watch: createCircleWatch(who),
    notes,
    signal,
  };
  const heard = new Set<string>();
  let messages: ModelMessage[] = start;
  let made = 0;
  let toolCalls = 0;
  let repairs = 0;
  let toolMs = 0;
  /** Another model answered a recorded request otherwise: what was recorded after it does not follow any more. */
  let hasLeftRecord = false;

  /** What an earlier go recorded for the next call. Of another version of this assignment it is of no use. */
  const lookUp = async (): Promise<Recorded> => {
    const found = hasLeftRecord ? null : await calls.recorded();
    if (found === null || found.request.answer?.name !== assignment.answer.name) return null;
    const [first] = found.request.messages;
    return first?.role === 'system' && first.text === redactSecrets(systemText(start)) ? found : null;
  };

  const listen = async (): Promise<void> => {
    for (const steering of await dependencies.hear()) {
      if (heard.has(steering.steeringId)) continue;
      heard.add(steering.steeringId);
      notes.gaveText(`A reply by ${steering.by}`, steering.text);
      if (steering.isNew || !holdsWords(messages, steering.text)) messages.push(steeringMessage(steering));
    }
  };

  const ask = async (request: ModelRequest): Promise<ModelAnswer> => {
    const options = { toolMs, signal };
    toolMs = 0;
    try {
      return await calls.ask(request, options);
    } catch (error) {
      const isTooLarge = error instanceof FactoryError && error.code === 'model-window-too-small';
      const shorter = isTooLarge ? fitHarder(request) : null;
      if (shorter === null) throw error;
      messages = [...shorter.messages];
      desk.watch.forget();
      return calls.ask(shorter, { toolMs: 0, signal });
    }
  };

  const askAfresh = async (): Promise<ModelAnswer> => {
    await listen();
    const { request, isShorter } = fitWindow({ messages: [...messages], ...frame }, calls.windowTokens);
    messages = [...request.messages];
    if (isShorter) desk.watch.forget();
    return ask(request);
  };

  const useTools = async (answer: ModelAnswer, next: Recorded): Promise<void> => {
    const ids = answer.toolCalls.map(({ id }) => id);
    const recorded = next === null ? null : recordedResults(next.request.messages, ids);
    const since = clock.now().getTime();
    const results: ModelMessage[] = [];
    for (const [index, call] of answer.toolCalls.entries()) {
      toolCalls += 1;
      const text = await answerToolCall(call, { index, recorded: recorded?.[index] ?? null }, desk);
      results.push({ role: 'tool', callId: call.id, text });
    }
    messages.push({ role: 'assistant', text: answer.text, toolCalls: answer.toolCalls }, ...results);
    const left = maxCalls - made;
    if (left <= LAST_CALLS) messages.push({ role: 'user', text: `Answers left: ${left}. Come to your end now.` });
    toolMs = Math.max(0, clock.now().getTime() - since);
  };

  const repair = (text: string | null, problems: readonly string[], mayRepair: boolean): void => {
    if (!mayRepair || repairs === MAX_REPAIRS) throw unusable(who, problems);
    repairs += 1;
    const said = text === null || text.trim() === '' ? '(no answer)' : text;
    messages.push({ role: 'assistant', text: said, toolCalls: [] }, repairMessage(problems));
  };

  let wasCut = false;
  let next = await lookUp();
  for (;;) {
    signal.throwIfAborted();
    if (made === maxCalls) throw goingInCircles(`${who} made ${maxCalls} calls without coming to an answer.`);
    if (next !== null) messages = [...next.request.messages];
    const answer = next === null ? await askAfresh() : await ask(next.request);
    signal.throwIfAborted();
    made += 1;
    if (next !== null) hasLeftRecord = canonicalJson(answer) !== canonicalJson(next.answer);
    next = await lookUp();
    if (answer.finish === 'refused') throw refusedBy(who, answer.text);
    if (answer.finish === 'length') {
      repair(
        answer.text,
        [`It was cut off at ${frame.maxAnswerTokens} tokens. Be shorter: fewer words, smaller steps.`],
        !wasCut,
      );
      wasCut = true;
    } else if (answer.toolCalls.length > 0) {
      await useTools(answer, next);
    } else {
      const read = await readAnswer(answer.text, assignment.answer);
      signal.throwIfAborted();
      if (read.ok) {
        return {
          value: read.value,
          facts: { calls: made, toolCalls, repairs, heard: [...heard] },
        };
      }
      repair(answer.text, read.problems, true);
    }
  }
}

function systemText([first]: readonly ModelMessage[]): string {
  return first?.role === 'system' ? first.text : '';
}

function unusable(who: string, problems: readonly string[]): FactoryError {
  const reasons = problems.map((problem) => cleanLine(problem, 300)).join(' ');
  return new FactoryError('answer-unusable', `${who}'s answer could not be used, after being asked again: ${reasons}`, {
    fix: 'Retry; if it happens again, use a stronger model or write the story more precisely.',
  });
}

function refusedBy(who: string, text: string | null): FactoryError {
  const words = cleanLine(redactSecrets(text ?? ''), 300);
  return new FactoryError(
    'model-refused',
    words === ''
      ? `The model declined to do ${who}'s work and gave no reason.`
      : `The model declined to do ${who}'s work: "${words}"`,
    { fix: 'Write the story in other words, use another model, or take the task over.' },
  );
}

import { contentOf } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { callStream } from '#src/model-calls/call-id.ts';
import type { ModelAnswer, ModelRequest } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

/** One question to a model, and its answer. */
export interface Turn {
  request: ModelRequest;
  answer: ModelAnswer;
  model: string;
  costMicroUsd: number;
}

/** A persona's conversation with a model, from its material to its answer. */
export interface Thought {
  persona: PersonaName;
  attempt: number;
  /** The step, or what the thought is for where a step holds several: `plan`, `build`, `clean-up`. */
  part: string;
  /** 1, 2 … where the same part was thought through more than once in an attempt. */
  go: number;
  /** Tells it from every other thought. */
  key: string;
  /** null: its words were erased. Empty: no answer ever came. */
  turns: readonly Turn[] | null;
}

interface Call {
  asked: EventBodies['model.asked'];
  askedAt: number;
  request: string;
  /** `at`: the position in the stream. */
  answer: { at: number; artifact: string; costMicroUsd: number } | null;
}

/** What a run thought, in order, as it was recorded. Empty: no model was asked. */
export async function readThoughts(
  { ledger, artifacts }: Pick<UnitOfWork, 'ledger' | 'artifacts'>,
  { taskId, runId }: { taskId: string; runId: string },
): Promise<Thought[]> {
  const calls = readCalls(await ledger.stream(callStream(taskId)), runId);
  const steps = [...Map.groupBy(calls, ({ asked }) => `${asked.stepKey} ${asked.persona}`)];
  const goes = new Map<string, number>();
  const thoughts: Thought[] = [];
  for (const [key, ofStep] of steps) {
    const [first] = ofStep;
    if (first === undefined || !isPersonaName(first.asked.persona)) continue;
    const { attempt, step, persona } = first.asked;
    const turns = await readTurns(artifacts, lastGo(ofStep));
    const parts = turns === null || turns.length === 0 ? [turns] : thoughtsIn(turns);
    const name = answerName(parts[0]);
    parts.forEach((part, index) => {
      const own = answerName(part);
      const partName = own === name ? step : (own ?? step);
      const place = `${attempt} ${partName} ${persona}`;
      const go = (goes.get(place) ?? 0) + 1;
      goes.set(place, go);
      thoughts.push({ persona, attempt, part: partName, go, key: `${key} ${index}`, turns: part });
    });
  }
  return thoughts;
}

function readCalls(events: readonly RecordedEvent[], runId: string): Call[] {
  const calls = new Map<string, Call>();
  for (const event of events) {
    if (event.runId !== runId) continue;
    if (isEvent(event, 'model.asked')) {
      const { body, position: askedAt, artifact } = event;
      calls.set(body.callId, { asked: body, askedAt, request: artifact ?? '', answer: null });
    } else if (isEvent(event, 'model.answered')) {
      const { callId, costMicroUsd } = event.body;
      const call = calls.get(callId);
      if (call !== undefined) call.answer = { at: event.position, artifact: event.artifact ?? '', costMicroUsd };
    }
  }
  return [...calls.values()];
}

/** The calls that the step ended with. One that began anew with another model left those of its first go behind. */
function lastGo(calls: readonly Call[]): Call[] {
  const answered = calls.filter(({ answer }) => answer !== null);
  const go: Call[] = [];
  let next = answered.findLast(({ asked }) => asked.ordinal === 0);
  while (next !== undefined) {
    const before = next;
    go.push(before);
    next = answered.find(
      ({ asked, askedAt }) => asked.ordinal === before.asked.ordinal + 1 && askedAt > (before.answer?.at ?? 0),
    );
  }
  return go;
}

/** null: some of it was erased. */
async function readTurns(artifacts: UnitOfWork['artifacts'], calls: readonly Call[]): Promise<Turn[] | null> {
  const turns: Turn[] = [];
  for (const { asked, request, answer } of calls) {
    const [question, words] = await Promise.all([artifacts.get(request), artifacts.get(answer?.artifact ?? '')]);
    if (question === null || words === null) return null;
    turns.push({
      request: contentOf(question) as ModelRequest,
      answer: contentOf(words) as ModelAnswer,
      model: asked.model,
      costMicroUsd: answer?.costMicroUsd ?? 0,
    });
  }
  return turns;
}

/** A step may think several times; each time begins with nothing said by the model yet. */
function thoughtsIn(turns: readonly Turn[]): Turn[][] {
  const thoughts: Turn[][] = [];
  for (const turn of turns) {
    const goesOn = turn.request.messages.some(({ role }) => role === 'assistant');
    const last = thoughts.at(-1);
    if (goesOn && last !== undefined) last.push(turn);
    else thoughts.push([turn]);
  }
  return thoughts;
}

function answerName(turns: readonly Turn[] | null | undefined): string | null {
  return turns?.[0]?.request.answer?.name ?? null;
}

import { evolve } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { callStream } from '#src/model-calls/call-id.ts';
import { stepOf } from './steps.ts';
import { beatSentence, lessonsSentence } from './beat-sentence.ts';
import { lessonUsesStream } from './lessons/lesson-uses.ts';

/** One thing that happened in a run. */
export interface Beat {
  seq: number;
  /** ISO 8601 UTC. */
  at: string;
  /** Who did it: a persona's name, a person's id, or `factory`. */
  who: string;
  type: string;
  text: string;
  /** What the task was from then on. */
  status: TaskStatus;
  /** How long the step worked; null: it is none. */
  workMs: number | null;
  /** The artifact that it rests on, which the room can show. */
  artifact: string | null;
}

export interface RunStory {
  runId: string;
  taskId: string;
  number: number;
  beats: Beat[];
  /** Rebuilt from the events up to the last beat alone. */
  state: Task;
  calls: number;
  tokens: number;
  costMicroUsd: number;
}

/**
 * Tells a run from the ledger alone, up to and including the event `upTo`. The commit of the story comes first, whatever
 * run it is. Throws FactoryError `run-not-found`.
 */
export async function tellRun(
  { ledger, artifacts, tables }: Pick<UnitOfWork, 'ledger' | 'artifacts' | 'tables'>,
  runId: string,
  upTo = Number.POSITIVE_INFINITY,
): Promise<RunStory> {
  const run = await tables.get('work_runs', runId);
  if (run === null) {
    throw new FactoryError('run-not-found', `The ledger has no run ${runId}.`, {
      fix: 'The page of a task in the room names its runs.',
    });
  }
  const { taskId } = run;
  const own = (await ledger.stream(`task:${taskId}`)).filter(({ seq }) => seq <= upTo);
  const asked = (await ledger.stream(callStream(taskId))).filter((event) => event.seq <= upTo && event.runId === runId);
  const answers = asked.flatMap((event) => (isEvent(event, 'model.answered') ? [event.body] : []));
  const beats: Beat[] = [];
  let state: Task | null = null;
  for (const event of own) {
    const isFirst = state === null;
    state = evolve(state, event);
    const isOfRun = event.runId === runId || isFirst;
    const text = isOfRun ? beatSentence(event, await packetOf(artifacts, event)) : null;
    if (text === null) continue;
    const { seq, at, type, artifact } = event;
    const workMs = stepOf(event)?.timing.durationMs ?? null;
    beats.push({ seq, at, type, text, artifact, who: whoDid(event), status: state.status, workMs });
  }
  const uses = (await ledger.stream(lessonUsesStream(taskId))).filter((event) => event.seq <= upTo);
  for (const event of uses) {
    const status = beats.findLast(({ seq }) => seq < event.seq)?.status;
    if (!isEvent(event, 'lesson.used') || event.runId !== runId || status === undefined) continue;
    const lessons = await tables.find('lessons', { id: event.body.lessonIds }, { orderBy: 'number' });
    const { seq, at, type, artifact } = event;
    const text = lessonsSentence(lessons.map(({ number }) => number));
    beats.push({ seq, at, type, text, artifact, who: whoDid(event), status, workMs: null });
  }
  beats.sort((a, b) => a.seq - b.seq);
  if (state === null) {
    throw new FactoryError('before-the-run', `Event ${upTo} is from before this run.`, {
      fix: 'Take the number of an event that the run shows.',
    });
  }
  return {
    ...{ runId, taskId, number: state.number, beats, state },
    calls: answers.length,
    tokens: answers.reduce((all, { inputTokens, outputTokens }) => all + inputTokens + outputTokens, 0),
    costMicroUsd: answers.reduce((all, { costMicroUsd }) => all + costMicroUsd, 0),
  };
}

/** What the event rests on, where it is a packet that can still be read. */
async function packetOf(artifacts: UnitOfWork['artifacts'], { artifact }: RecordedEvent): Promise<AnyPacket | null> {
  const kept = artifact === null ? null : await artifacts.get(artifact);
  return kept?.kind === 'packet' ? (AnyPacket.safeParse(contentOf(kept)).data ?? null) : null;
}

function whoDid(event: RecordedEvent): string {
  return stepOf(event)?.persona ?? event.agent ?? event.actor;
}

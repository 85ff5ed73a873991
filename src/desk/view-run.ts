import type { ModelCallRow } from '#src/ledger/rows.ts';
import type { TaskRunRow } from '#src/ledger/run-rows.ts';
import type { ArtifactView, RunView } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { statusWords } from './cards/task-words.ts';
import { nameIn } from './name-people.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { costOf } from './cards/cost-words.ts';
import { readableArtifact } from './readable-artifact.ts';

/** A run as a story: its steps with what each cost and came to, everything that they name, and the facts. */
export async function viewRun(
  { unitOfWork, people }: Pick<DeskTools, 'unitOfWork' | 'people'>,
  taskId: string,
): Promise<RunView | null> {
  const task = await unitOfWork.tables.get('story_tasks', taskId);
  if (task === null) return null;
  const runs = await unitOfWork.tables.find('task_runs', { taskId }, { orderBy: 'startedAt' });
  const calls = await unitOfWork.tables.find('model_calls', { taskId }, { orderBy: 'askedAt' });
  const events = await unitOfWork.ledger.stream(`task:${taskId}`);
  const found = new Map<string, ArtifactView & { names: string[] }>();
  const read = async (hash: string): Promise<void> => {
    const artifact = found.has(hash) ? null : await unitOfWork.artifacts.get(hash);
    if (artifact === null) return;
    const names = namedArtifacts(artifact.content);
    found.set(hash, { hash, kind: artifact.kind, text: readableArtifact(artifact), names: Object.values(names) });
    if (names['packArtifact'] !== undefined) packs.set(hash, names['packArtifact']);
  };
  const packs = new Map<string, string>();
  for (const { artifact } of events) if (artifact !== null) await read(artifact);
  for (const { names } of found.values()) for (const hash of names) await read(hash);

  const ofStep = callsByRun(runs, calls);
  return {
    taskId,
    number: task.number,
    title: task.title,
    state: task.state,
    paused: task.paused,
    waitingKind: task.waitingKind,
    cost: costOf(calls),
    steps: runs.map((run) => {
      const { step, agent, attempt, startedAt, durationMs, result } = run;
      const packet = run.artifact === null ? undefined : found.get(run.artifact);
      const mine = ofStep.get(run.id) ?? [];
      return {
        ...{ step, agent, attempt, startedAt, durationMs, result },
        artifact: packet === undefined ? null : viewOf(packet),
        pack: run.artifact === null ? null : (packs.get(run.artifact) ?? null),
        cost: mine.length === 0 ? null : costOf(mine),
      };
    }),
    artifacts: [...found.values()].map(viewOf),
    beats: await nameIn(await beatsOf(unitOfWork, task.runId), people),
    events: events.map(({ seq, type, actor, at }) => ({ seq, type, actor, at })),
  };
}

async function beatsOf(unitOfWork: DeskTools['unitOfWork'], runId: string | null): Promise<RunView['beats']> {
  if (runId === null) return [];
  const { beats } = await tellRun(unitOfWork, runId);
  return beats.map(({ seq, at, who, text, status, workMs }) => {
    return { seq, at, who: whoOf(who), text, says: statusWords[status], workMs };
  });
}

/** Personas and the factory by their names; people are named where they are known. */
function whoOf(who: string): string {
  return /^[a-z]+$/.test(who) ? who.charAt(0).toUpperCase() + who.slice(1) : who;
}

function viewOf({ hash, kind, text }: ArtifactView): ArtifactView {
  return { hash, kind, text };
}

/** A step may be done again in the same attempt, after a wait or a retry: a call belongs to the first run that ended after it. */
function callsByRun(runs: readonly TaskRunRow[], calls: readonly ModelCallRow[]): Map<string, ModelCallRow[]> {
  const byRun = new Map<string, ModelCallRow[]>();
  for (const call of calls) {
    const run = runs.find(
      ({ runId, step, attempt, endedAt }) =>
        runId === call.runId && step === call.step && attempt === call.attempt && endedAt >= call.askedAt,
    );
    if (run !== undefined) byRun.set(run.id, [...(byRun.get(run.id) ?? []), call]);
  }
  return byRun;
}

/** Packets name further artifacts in fields that end in `Artifact`. */
function namedArtifacts(content: string): Record<string, string> {
  return Object.fromEntries(
    [...content.matchAll(/"([a-z]+Artifact)":"([0-9a-f]{64})"/g)].map(([, field = '', hash = '']) => [field, hash]),
  );
}

import { cutByHalt } from '#src/code-factory/halt-watch.ts';
import { FactoryError } from '#src/errors.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { applyChange } from './apply-change.ts';
import type { Applied } from './apply-change.ts';
import { changeWords } from './change.ts';
import type { Craft, Wish } from './change.ts';
import { changedLines } from './changed-lines.ts';
import type { ChangedLines } from './changed-lines.ts';
import { callWords } from './compare.ts';
import type { Difference } from './compare.ts';
import { chooseChange } from './choose-change.ts';
import { createPaidAsker } from './paid-asker.ts';
import type { AskedNow, AskingTools } from './paid-asker.ts';
import { readThoughts } from './recorded-thoughts.ts';
import type { Thought } from './recorded-thoughts.ts';
import { replayThought } from './replay-thought.ts';
import type { Spent } from './replay-thought.ts';

export interface WhatIfTools {
  unitOfWork: UnitOfWork;
  /** null: no model is set up. */
  asking: Omit<AskingTools, 'unitOfWork'> | null;
  /** Whether a model may read what was said here, by the people and by the rules of the repository. */
  modelFor(projectId: string, conversationId: string): Promise<boolean>;
  craft: Craft;
  /** A model's words, fit for people: on one line, without secrets. */
  clean(text: string): string;
}

/** What would have differed. Words in it are clean. */
export interface WhatIf {
  run: string;
  taskId: string;
  task: number;
  change: string;
  /** False: no model is set up, so it says only which questions would be other. */
  canAsk: boolean;
  thoughts: ThoughtCompared[];
  /** What this cost now. */
  asked: AskedNow;
}

export interface ThoughtCompared {
  persona: PersonaName;
  attempt: number;
  part: string;
  go: number;
  /** `not-asked`: its question would be other, and there is no model to ask. */
  outcome: 'same' | 'differs' | 'not-compared' | 'not-asked';
  why: string | null;
  leftAt: number | null;
  differences: Difference[];
  notRun: string[];
  /** What is other in its first question. null: nothing. */
  question: ChangedLines | null;
  /** null: it was not gone through. */
  then: Spent | null;
  now: Spent | null;
}

/**
 * Goes through the thinking of a recorded run once more with exactly one thing changed. Nothing is run, pushed, posted or
 * decided, and the run's own events stay as they are: all that is left behind are the calls to the model. Each thought
 * keeps what it was handed in the run, also where the one before it would now hand on something else. Throws FactoryError
 * `run-not-found`, `no-thought`, `model-off`, `factory-halted`, `what-if-busy`, `stopped`, those of `chooseChange` and of the model.
 */
export async function whatIf(
  tools: WhatIfTools,
  { runId, wish }: { runId: string; wish: Wish },
  signal: AbortSignal,
): Promise<WhatIf> {
  const { tables, ledger, withLock } = tools.unitOfWork;
  const run = await tables.get('work_runs', runId);
  const task = run === null ? null : await tables.get('story_tasks', run.taskId);
  if (task === null) {
    throw new FactoryError('run-not-found', `The ledger has no run ${runId}.`, { fix: 'Name a task by its number.' });
  }
  const { projectId, conversationId } = task;
  if (tools.asking !== null && !(await tools.modelFor(projectId, conversationId))) {
    throw new FactoryError(
      'model-off',
      `No model may read what task ${task.number} is about: it is switched off there.`,
      {
        fix: 'Switch the model on for the conversation, the project and in factory.yaml, or look at another run.',
      },
    );
  }
  const thoughts = await readThoughts(tools.unitOfWork, { taskId: task.id, runId });
  if (thoughts.length === 0) {
    throw new FactoryError('no-thought', 'No model was asked in this run, so there is nothing to ask again.', {
      fix: 'Take a run in which a persona thought with a model.',
    });
  }
  const change = await chooseChange(tables, wish, { projectId, thoughts });
  const asked: AskedNow = { calls: 0, tokens: 0, costMicroUsd: 0 };
  const compareAll = async (abort: AbortSignal): Promise<ThoughtCompared[]> => {
    const compared: ThoughtCompared[] = [];
    for (const thought of thoughts) {
      abort.throwIfAborted();
      const applied = applyChange(change, thought, tools.craft);
      compared.push(await compareThought(tools, { thought, applied, projectId, conversationId, asked, signal: abort }));
    }
    return compared;
  };
  // Calls have an order, so two who ask for the same run would disturb each other.
  const done = await withLock(`what-if:${runId}`, () => cutByHalt(ledger, signal, compareAll)).catch(
    (error: unknown) => {
      throw signal.aborted ? stopped() : error;
    },
  );
  if (!done.ran) {
    throw new FactoryError('what-if-busy', 'Somebody is replaying this run right now.', {
      fix: 'Try again afterwards.',
    });
  }
  const canAsk = tools.asking !== null;
  const { id: taskId, number } = task;
  return { run: runId, taskId, task: number, change: changeWords(change), canAsk, thoughts: done.value, asked };
}

interface Comparing {
  thought: Thought;
  applied: Applied;
  projectId: string;
  conversationId: string;
  asked: AskedNow;
  signal: AbortSignal;
}

async function compareThought(tools: WhatIfTools, comparing: Comparing): Promise<ThoughtCompared> {
  const { asking, craft, clean, unitOfWork } = tools;
  const { thought, applied, asked, signal, projectId, conversationId } = comparing;
  const { persona, attempt, part, go, turns } = thought;
  const who = { persona, attempt, part, go };
  const nothing = { leftAt: null, differences: [], notRun: [], question: null, then: null, now: null };
  if (turns === null) return { ...who, ...nothing, outcome: 'not-compared', why: 'Its words were erased.' };
  const [turn] = turns;
  if (turn === undefined) return { ...who, ...nothing, outcome: 'not-compared', why: 'The model never answered it.' };
  const first = applied.request(turn.request);
  const question = cleaned(
    changedLines(`${turn.model}\n${textOf(turn.request)}`, `${applied.model(turn)}\n${textOf(first)}`),
    clean,
  );
  if (asking === null && question !== null) {
    return { ...who, ...nothing, outcome: 'not-asked', why: 'No model is set up.', question };
  }
  const open = (name: string) => {
    if (asking === null) throw new Error('nothing is asked where the questions are as they were');
    const whose = { projectId, conversationId, thought, first, name };
    return createPaidAsker({ ...asking, unitOfWork }, whose, { spent: asked, signal });
  };
  const { differences, notRun, why, ...replayed } = await replayThought({ turns }, applied, { open, craft });
  return {
    ...who,
    ...replayed,
    why: why === null ? applied.why : clean(why),
    question,
    notRun: notRun.map((call) => clean(callWords(call))),
    differences: differences.map(({ field, gone, came, changed }) => ({
      field: clean(field),
      gone: gone.map(clean),
      came: came.map(clean),
      changed: changed.map(clean),
    })),
  };
}

function textOf({ messages }: ModelRequest): string {
  return messages.map(({ text }) => text ?? '').join('\n');
}

function cleaned(lines: ChangedLines | null, clean: (text: string) => string): ChangedLines | null {
  return lines === null ? null : { gone: lines.gone.map(clean), came: lines.came.map(clean) };
}

function stopped(): FactoryError {
  return new FactoryError('stopped', 'It was stopped.', {
    fix: 'Say the same again to go on; what was answered is not asked again.',
  });
}

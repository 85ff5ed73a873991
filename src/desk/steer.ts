import { createHash } from 'node:crypto';
import { stepAhead } from '#src/code-factory/addressed.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { hasEnded, nextStep } from '#src/code-factory/task-status.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import { storableText } from '#src/ledger/storable.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { addressIn } from './address.ts';
import { wordsFor } from './cards/task-words.ts';
import type { DeskTools } from './desk-tools.ts';

/** Steps in which a persona reads what people say. */
const THINKING: ReadonlySet<StepName> = new Set(['scope', 'plan', 'lock', 'build', 'check']);

const NO_MODEL =
  'Kept here. Without a model only code with the name of its file, or a command, changes the next step. Say help for the commands.';
const NO_ONE_WRITES =
  'Kept here. Git alone does a revert, so only code with the name of its file, or a command, changes it. Say help for the commands.';
const ASK_ON_THE_CARD = 'To have it changed, press Request changes on the review card.';
const CANNOT_ANSWER =
  'Without a model I cannot answer or take words into account, so they are only kept here. Code with the name of its file, or a command, changes the next step.';

/**
 * Words in a task's thread reach whoever works on it, or the persona that they name, who answers for itself. The answer
 * says when, and what makes it sooner.
 */
export async function steerTask(tools: DeskTools, task: Task, message: Message, text: string): Promise<DeskAnswer> {
  const named = addressIn(text)?.to ?? null;
  const as = named === null ? {} : { by: named };
  // She hands out the work: what she is told is for whoever does it.
  const to = named === 'tess' ? null : named;
  if (hasEnded(task.status)) {
    const over = `Kept here. Task ${task.number} is over (${wordsFor(task.status)}); nobody works on it.`;
    return { ok: true, text: over, ...as };
  }
  if (task.reverts !== null) return { ok: true, text: NO_ONE_WRITES, ...as };
  if (!(await tools.modelFor(task.projectId, task.conversationId))) {
    return { ok: true, text: withoutModel(task, named), ...as };
  }
  if (to !== null && stepAhead(to, task) === null) return { ok: true, text: noStep(to), ...as };
  // Half a character or a NUL, which no database text can hold, must not keep the rest from being heard.
  const words = textArtifact('steering', 'text/plain', storableText(text));
  const steeringId = createHash('sha256').update(message.originId).digest('hex').slice(0, 20);
  const after = await controlTask(tools, {
    taskId: task.taskId,
    actor: message.actor,
    lane: tools.lane,
    command: { type: 'steer', steeringId, artifact: words.hash, to },
    artifacts: [words],
    wakes: false,
  });
  return { ok: true, text: (to === null ? null : whenRead(to, after)) ?? whenHeard(after), ...as };
}

function withoutModel({ status }: Task, named: PersonaName | null): string {
  if (named !== null) return CANNOT_ANSWER;
  return status === 'in-review' ? `${NO_MODEL} ${ASK_ON_THE_CARD}` : NO_MODEL;
}

const beforeStep: Readonly<Partial<Record<StepName, string>>> = {
  scope: 'I set the scope',
  plan: 'I plan',
  lock: 'I write the tests',
  build: 'I write the code',
  check: 'I look at the result',
};

/** In the words of the persona that was named; null: its part ended meanwhile. */
function whenRead(persona: PersonaName, task: Task): string | null {
  const ahead = stepAhead(persona, task);
  if (ahead === null) return null;
  if (ahead.when === 'now') return 'I am at it, and read this before I go on.';
  const read = `I read this before ${beforeStep[ahead.step] ?? 'I go on'}`;
  if (ahead.when === 'later') return [`${read}.`, ...whatHelps(task)].join(' ');
  return [`My part is done for now. If the work comes back, ${read}.`, ...whatHelps(task)].join(' ');
}

/** Nothing is made up in place of an answer: it says where the reasons stand, and what would be read. */
function noStep(persona: PersonaName): string {
  const toAll = 'nobody acts on these words. Say them without my name, and whoever is next reads them.';
  switch (persona) {
    case 'piper':
      return `The scope is set and stands above, with what was said for it; ${toAll}`;
    case 'mason':
      return `The plan is made and stands above, with its reasons under Details; ${toAll}`;
    case 'moltbot':
      return `I look back on finished work and have no step in a task; ${toAll}`;
    default:
      return `I have no step left in this task; ${toAll}`;
  }
}

function whenHeard(task: Task): string {
  const due = nextStep[task.status];
  const isAtWork = due !== null && !task.paused && task.waiting === null;
  if (isAtWork && THINKING.has(due.step)) {
    return `${due.agent.charAt(0).toUpperCase()}${due.agent.slice(1)}, or whoever is next, reads this before doing anything else.`;
  }
  return ['Kept for the next step.', ...whatHelps(task)].join(' ');
}

/** What makes the work go on, where it stands still. */
function whatHelps(task: Task): string[] {
  if (task.paused) return ['Say resume to go on.'];
  switch (task.status) {
    case 'in-review':
      return ['Press Request changes on the review card to have it done now.'];
    case 'blocked':
      return ['Say retry to go on with it.'];
    case 'taken-over':
      return ['It goes on when the work is handed back.'];
    default:
      return [];
  }
}

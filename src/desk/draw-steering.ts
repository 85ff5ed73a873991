import { checkoutCommands, handBackAdvice } from '#src/code-factory/take-over.ts';
import { evolve } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import type { PostDraft, ThreadRef } from '#src/ports/chat.ts';
import { budgetCard } from './cards/budget-card.ts';
import type { BudgetAsk } from './cards/budget-card.ts';
import { card, shortSha } from './cards/card-parts.ts';
import { takeOverCard } from './cards/take-over-card.ts';
import { by, post } from './redraw.ts';
import type { Views } from './redraw.ts';

const threadOf = (task: StoryTaskRow): ThreadRef => ({ kind: 'task', id: task.id });

const HEARD_CHARACTERS = 60;

/** A short line by the persona that has a person's words in front of it now. */
export async function drawHeard(views: Views, event: RecordedEvent, task: StoryTaskRow): Promise<PostDraft[]> {
  if (!isEvent(event, 'steering.heard') || !isPersonaName(event.body.persona)) return [];
  const { steeringIds, persona } = event.body;
  const said: string[] = [];
  for (const given of await views.ledger.stream(`task:${task.id}`)) {
    if (!isEvent(given, 'steering.given') || !steeringIds.includes(given.body.steeringId)) continue;
    const words = given.artifact === null ? null : await views.artifacts.get(given.artifact);
    said.push(words === null ? `what ${given.actor} said` : `“${firstWords(words.content)}”`);
  }
  if (said.length === 0) return [];
  const lead = `From here on I take into account: ${said.join(' and ')}`;
  return [post(`heard:${event.seq}`, threadOf(task), by(persona), card('message', lead))];
}

/** One line, without the marks that would make it bold or code here. */
function firstWords(text: string): string {
  const line = text
    .replaceAll(/[`*\s]+/g, ' ')
    .trim()
    .toWellFormed();
  if (line.length <= HEARD_CHARACTERS) return line;
  const cut = line.slice(0, HEARD_CHARACTERS).toWellFormed().replaceAll('\ufffd', '');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), HEARD_CHARACTERS / 2))} …`;
}

/** Each time that a person took the work over: the commands, and what came of it. */
export async function drawTakeOvers(views: Views, task: StoryTaskRow): Promise<PostDraft[]> {
  const events = await views.ledger.stream(`task:${task.id}`);
  const repo = await views.tables.get('git_repos', task.repoId);
  return events.flatMap((event, index) => {
    if (!isEvent(event, 'task.taken-over')) return [];
    const { checkout } = event.body;
    const facts = { path: repo?.path ?? '', branch: task.branch ?? '', number: task.number };
    const drawn = takeOverCard({
      taskId: task.id,
      by: event.body.by,
      commands: checkoutCommands(checkout, facts),
      advice: handBackAdvice(checkout),
      outcome: takeOverOutcome(events.slice(index + 1)),
    });
    return [post(`taken-over:${event.seq}`, threadOf(task), by('tess'), drawn)];
  });
}

function takeOverOutcome(after: readonly RecordedEvent[]): string | null {
  for (const event of after) {
    if (isEvent(event, 'task.handed-back')) {
      const { by: who, headSha, isNew } = event.body;
      return isNew
        ? `${who} handed it back; the head is ${shortSha(headSha)}. The checks decide.`
        : `${who} handed it back without new commits; the work goes on as before.`;
    }
    if (isEvent(event, 'task.cancelled')) return `${event.actor} stopped the task.`;
  }
  return null;
}

/** Each time that a budget was used up, asking whoever committed the story; edited to its outcome. */
export async function drawBudgets(views: Views, row: StoryTaskRow): Promise<PostDraft[]> {
  const asks: (BudgetAsk & { seq: number; who: string })[] = [];
  let task: Task | null = null;
  for (const event of await views.ledger.stream(`task:${row.id}`)) {
    const before: Task['waiting'] = task?.waiting ?? null;
    task = evolve(task, event);
    const open = asks.at(-1);
    if (open?.outcome === null && task.waiting !== before) open.outcome = lifted(event);
    if (!isEvent(event, 'task.waiting') || event.body.kind !== 'budget' || event.body.budget === undefined) continue;
    const { text, who, budget } = event.body;
    asks.push({ taskId: row.id, text, budget, outcome: null, seq: event.seq, who });
  }
  return asks.map(({ seq, who, ...ask }) => post(`budget:${seq}`, threadOf(row), by('tess'), budgetCard(ask), [who]));
}

function lifted(event: RecordedEvent): string {
  switch (event.type) {
    case 'task.went-on':
      return `${event.actor} allowed as much again.`;
    case 'task.cancelled':
      return `${event.actor} stopped the task.`;
    case 'task.taken-over':
      return `${event.actor} took the work over.`;
    case 'task.waiting':
      return 'It waits for something else now; the card above says for what.';
    default:
      return 'The work went on.';
  }
}

/** Who let a model read what is said in a thread, or not. */
export async function drawSwitch(event: RecordedEvent): Promise<PostDraft[]> {
  if (!isEvent(event, 'model.switched')) return [];
  const { scope, key, allowed } = event.body;
  const thread: ThreadRef = { kind: scope === 'project' ? 'project' : 'idea', id: key };
  const text = allowed
    ? `${event.actor} switched the model on: from now on it may read what is said here.`
    : `${event.actor} switched the model off: from now on nothing said here is sent to one.`;
  return [post(`model:${event.seq}`, thread, by('tess'), card('notice', text))];
}

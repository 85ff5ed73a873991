import type { Halt } from '#src/code-factory/halt.ts';
import { haltNow, recordHalt } from '#src/code-factory/halt-watch.ts';
import { endedStatuses, taskStatuses } from '#src/code-factory/task-status.ts';
import type { DeskAnswer } from '#src/ports/chat.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { NO_APPROVER } from '#src/review/rights.ts';
import { isApprover } from './approver.ts';
import { count } from './cards/card-parts.ts';
import { haltSentence, HOW_TO_GO_ON } from './cards/halt-sentence.ts';
import type { CheckView, HaltView } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import type { HaltWord } from './halt-words.ts';

/**
 * Halts the factory, which anybody may who may speak to it, or lets it go on, which only an approver may. `originId`: of
 * the words that asked, so that they count once however often they are delivered.
 */
export async function controlAll(
  tools: Pick<DeskTools, 'unitOfWork' | 'clock' | 'approvers' | 'takeBackCredentials'>,
  { actor, word, originId }: { actor: string; word: HaltWord; originId: string | null },
): Promise<DeskAnswer> {
  if (word.type === 'halt') {
    const { halt, isNew } = await recordHalt(tools, { ...word, actor, originId });
    if (halt === null) return { ok: true, text: null };
    if (!isNew) return { ok: true, text: `${halt.by} halted the factory already. ${HOW_TO_GO_ON}` };
    const takenBack = await tools.takeBackCredentials();
    const said = ['The factory is halted.', await whatStands(tools), takenBack, HOW_TO_GO_ON];
    return { ok: true, text: said.filter((part) => part !== null).join(' ') };
  }
  const refusal = await whyNotResume(tools, actor);
  if (refusal !== null) return { ok: false, text: refusal };
  const { isNew } = await recordHalt(tools, { type: 'resume', actor, originId });
  return { ok: true, text: isNew ? 'The factory goes on where it stood.' : 'The factory is not halted.' };
}

async function whatStands({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>): Promise<string> {
  const open = taskStatuses.filter((status) => !endedStatuses.includes(status));
  const tasks = await unitOfWork.tables.find('story_tasks', { state: open });
  return tasks.length === 0
    ? 'No work begins from here on.'
    : `${count(tasks.length, 'open task')} ${tasks.length === 1 ? 'keeps its' : 'keep their'} place, and nothing is merged.`;
}

/** A persona never; else whoever `APPROVERS` names now. */
async function whyNotResume(tools: Pick<DeskTools, 'approvers'>, actor: string): Promise<string | null> {
  if (actor === 'factory' || actor.startsWith('persona:') || isPersonaName(actor))
    return `${actor} is no person, so the factory stays as it is. A person who is an approver may resume it.`;
  const { ok, note } = await isApprover(tools, actor);
  if (ok) return null;
  const { approvers } = await tools.approvers();
  const ask = approvers.length === 0 ? NO_APPROVER : approvers.join(' or ');
  return [`Only an approver may resume the factory, and ${actor} is none.`, note, `Ask ${ask}.`]
    .filter((part) => part !== null)
    .join(' ');
}

/** The halt that stands now, for banners; null: work goes on. */
export async function viewHalt({
  ledger,
  artifacts,
}: Pick<UnitOfWork, 'ledger' | 'artifacts'>): Promise<HaltView | null> {
  const halt = await haltNow(ledger);
  return halt === null ? null : { by: halt.by, at: halt.at, reason: await reasonOf(artifacts, halt) };
}

/** The words of whoever halted it; null: none were given, or they were erased. */
export async function reasonOf(artifacts: UnitOfWork['artifacts'], { reason }: Halt): Promise<string | null> {
  return reason === null ? null : ((await artifacts.get(reason))?.content ?? null);
}

/** What `doctor` says while a halt stands; nothing else. */
export function haltChecks(halt: HaltView | null): CheckView[] {
  return halt === null ? [] : [{ name: 'halt', state: 'warning', detail: haltSentence(halt), fix: null }];
}

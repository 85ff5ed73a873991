import { hasEnded, nextStep } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { waitsForPerson } from '#src/desk/cards/task-words.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { plain, shorten } from '../blocks/words.ts';

/**
 * What Slack itself shows on a task's thread. `processing`: somebody works, and there is a Stop button. `suspended`: it
 * waits for a person. `active`: it waits by itself. `closed`: it has ended.
 */
export interface SessionStatus {
  status: 'active' | 'processing' | 'suspended' | 'closed';
  /** Under whose name. */
  persona: PersonaName;
}

/** null: nothing of the task was begun, so its thread has no session. */
export function sessionStatusOf(task: StoryTaskRow): SessionStatus | null {
  if (task.runId === null) return null;
  const state = task.state as TaskStatus;
  if (hasEnded(state)) return { status: 'closed', persona: 'tess' };
  const due = nextStep[state];
  if (due === null || task.paused || waitsForPerson(task)) return { status: 'suspended', persona: 'tess' };
  // The forge's checks are work that goes on, and that somebody may want to stop.
  if (task.waitingKind !== null && task.waitingKind !== 'checks') return { status: 'active', persona: 'tess' };
  return { status: 'processing', persona: due.agent };
}

/** Slack takes 200 characters (doc comment of `agents.sessions.setStatus`). */
const TITLE_CHARS = 200;

/**
 * By what people find the session again. It names the task and not the step at work: Slack keeps the title that a session
 * was made with, and the name beside it says who works. The words are anybody's: they are cleaned as those of cards are,
 * and no mention or link can begin in them.
 */
export function sessionTitle({ number, title }: Pick<StoryTaskRow, 'number' | 'title'>): string {
  const said = plain(cleanOutbound(title, { allowedHosts: [] }))
    .replaceAll('<', '‹')
    .replaceAll('>', '›');
  return shorten(`Task ${number} · ${said}`, TITLE_CHARS);
}

import { commitStories } from '#src/backlog/commit-stories.ts';
import { whyNotStarted } from '#src/backlog/not-started.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import type { DeskAnswer } from '#src/ports/chat.ts';
import { count } from './cards/card-parts.ts';
import type { DeskTools } from './desk-tools.ts';
import { isModelOff } from './switch-model.ts';

/** An answer is read in a moment; the stories' own card tells the rest. */
const REASONS = 3;

type Tools = Pick<DeskTools, 'unitOfWork' | 'clock' | 'ids' | 'modelFor' | 'lane'>;

/**
 * Commits every story that can start, of one idea or of all of a project's, as *Commit to sprint* does. What a model
 * would have to write costs money, so it stays a press of its own.
 */
export async function runStories(
  tools: Tools,
  { actor, projectId, conversationId }: { actor: string; projectId: string; conversationId: string | null },
): Promise<DeskAnswer> {
  const where = conversationId === null ? { projectId } : { projectId, conversationId };
  const open = await tools.unitOfWork.tables.find('stories', { ...where, status: 'proposed' });
  if (open.length === 0)
    return { ok: false, text: 'No story waits here: each is in the sprint, or there is none yet.' };
  const ready = open.filter(({ hasChangeSet }) => hasChangeSet);
  let committed = 0;
  for (const idea of new Set(ready.map((story) => story.conversationId))) {
    const storyIds = ready.filter((story) => story.conversationId === idea).map(({ id }) => id);
    const { lane } = tools;
    const result = await commitStories(tools, { conversationId: idea, storyIds, actor, lane, mayWrite: false });
    committed += result.committed.length;
  }
  const rest = open.filter(({ hasChangeSet }) => !hasChangeSet);
  if (committed === 0) {
    return { ok: false, text: ['No story can start now.', ...(await reasonsOf(tools, projectId, rest))].join('\n') };
  }
  const others = rest.length === 0 ? '' : ` ${count(rest.length, 'story has', 'stories have')} no code yet.`;
  return { ok: true, text: `${count(committed, 'story is', 'stories are')} in the sprint now.${others}` };
}

async function reasonsOf(tools: Tools, projectId: string, stories: readonly StoryRow[]): Promise<string[]> {
  const noModel = (await isModelOff(tools, projectId)) ? 'off' : 'not-set';
  const lines: string[] = [];
  for (const story of stories.slice(0, REASONS)) {
    const reason = (await tools.modelFor(projectId, story.conversationId))
      ? 'The conversation holds no code for it. Ollan can write it: press the button beside it on the card of its stories.'
      : await whyNotStarted(tools.unitOfWork, story, noModel);
    lines.push(`${story.title}: ${reason}`);
  }
  return stories.length > REASONS ? [...lines, `And ${stories.length - REASONS} more.`] : lines;
}

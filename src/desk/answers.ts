import type { CardBlock } from '#src/ports/chat.ts';
import { count } from './cards/card-parts.ts';
import { drawSprint } from './redraw.ts';
import type { DeskTools } from './desk-tools.ts';

/** The open sprint in a few lines: points, days, and where each task stands. */
export async function sprintAnswer(
  { unitOfWork, clock }: Pick<DeskTools, 'unitOfWork' | 'clock'>,
  projectId: string,
): Promise<string> {
  const [sprint] = await drawSprint({ ...unitOfWork, clock }, projectId);
  if (sprint === undefined) return 'No sprint is open. Commit a story to start one.';
  const lists = sprint.card.blocks.filter((block): block is CardBlock & { type: 'list' } => block.type === 'list');
  const lines = lists.flatMap(({ title, items }) => [
    ...(title === null ? [] : [`${title}:`]),
    ...items.map(({ text, detail }) => (detail === null ? text : `${text}: ${detail}`)),
  ]);
  return [sprint.card.lead, ...lines].join('\n');
}

/** The stories that nobody has committed yet. */
export async function backlogAnswer({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>, projectId: string): Promise<string> {
  const stories = await unitOfWork.tables.find('stories', { projectId, status: 'proposed' });
  if (stories.length === 0) return 'The backlog is empty.';
  const lines = stories.map(
    (story) => `${story.title} (${count(story.points, 'point')}${story.hasChangeSet ? '' : ', no code yet'})`,
  );
  return [`${count(stories.length, 'story', 'stories')} in the backlog:`, ...lines].join('\n');
}

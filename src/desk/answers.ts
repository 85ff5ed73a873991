import type { CardBlock, DeskAnswer } from '#src/ports/chat.ts';
import { count } from './cards/card-parts.ts';
import { drawSprint } from './redraw.ts';
import type { DeskTools } from './desk-tools.ts';

/** The open sprint in a few lines: points, days, and where each task stands. */
export async function sprintAnswer(
  { unitOfWork, clock, modelFor }: Pick<DeskTools, 'unitOfWork' | 'clock' | 'modelFor'>,
  projectId: string,
): Promise<string> {
  const [sprint] = await drawSprint({ ...unitOfWork, clock, modelFor }, projectId);
  if (sprint === undefined) return 'No sprint is open. Commit a story, or say `sprint start`, to open one.';
  const lists = sprint.card.blocks.filter((block): block is CardBlock & { type: 'list' } => block.type === 'list');
  const lines = lists.flatMap(({ title, items }) => [
    ...(title === null ? [] : [`${title}:`]),
    ...items.map(({ text, detail }) => (detail === null ? text : `${text}: ${detail}`)),
  ]);
  return [sprint.card.lead, ...lines].join('\n');
}

/** Leads to the canvas of an idea, or of the project's latest that has one. */
export async function canvasAnswer(
  { unitOfWork, posts }: Pick<DeskTools, 'unitOfWork' | 'posts'>,
  { projectId, conversationId }: { projectId: string; conversationId: string | null },
): Promise<DeskAnswer> {
  const ideas = (await unitOfWork.conversations.list(projectId)).toReversed();
  for (const { id, title } of conversationId === null ? ideas : ideas.filter((idea) => idea.id === conversationId)) {
    const thread = { kind: 'idea' as const, id };
    const post = (await posts.thread(thread)).find(({ key }) => key === `canvas:${id}`);
    if (post === undefined) continue;
    return { ok: true, text: `The canvas of “${title}”: ${post.card.lead}`, at: { thread, postId: post.id } };
  }
  return {
    ok: false,
    text: conversationId === null ? 'There is no canvas here yet. Start with an idea.' : 'This idea has no canvas yet.',
  };
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

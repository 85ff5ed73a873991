import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';

export type ProjectHere = { projectId: string; listen: 'mentions' | 'all' } | { tell: string };

/**
 * The project that works in a channel. In a direct message it is the one that was chosen there, else the only one that
 * there is: nobody binds what has no alternative.
 */
export async function projectHere(
  tools: Pick<SlackTools, 'desk' | 'workspace' | 'commandName'>,
  channel: string,
  actor: string,
): Promise<ProjectHere> {
  const bound = await tools.desk.channel(placeOf(tools, channel));
  if (bound !== null) return { projectId: bound.projectId, listen: bound.listen };
  const bind = `Type \`/${tools.commandName('workbench')} bind\``;
  if (!isDirect(channel)) return { tell: `This channel works on no project yet. ${bind} to choose one.` };
  const { projects } = await tools.desk.overview(actor);
  const [only, ...others] = projects;
  if (only === undefined) return { tell: `There is no project yet. ${bind} to begin one.` };
  if (others.length > 0) return { tell: `There are ${projects.length} projects. ${bind} here to choose yours.` };
  return { projectId: only.id, listen: 'all' };
}

/** Between one person and the app. */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

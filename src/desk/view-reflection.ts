import type { Post } from '#src/ports/chat.ts';
import type { ReflectionPage, ReflectionView } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonGroups } from './lessons-page.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'posts' | 'people' | 'clock'>;

/** How the keys of the cards begin that stand in the project's channel as well. */
const KEYS = { retrospectives: 'retro:', incidents: 'incident:' } as const;

/** What a project learned, how its weeks went, or what is not well. null: there is no such project. */
export async function viewReflection(
  tools: Tools,
  projectId: string,
  page: ReflectionPage,
): Promise<ReflectionView | null> {
  const project = await tools.unitOfWork.tables.get('projects', projectId);
  if (project === null) return null;
  const groups = page === 'lessons' ? await lessonGroups(tools, projectId) : await groupsOf(tools, projectId, page);
  return { name: project.name, groups: groups.filter(({ posts }) => posts.length > 0) };
}

/** Newest first. */
async function groupsOf(tools: Tools, projectId: string, page: keyof typeof KEYS): Promise<ReflectionView['groups']> {
  const posts = await tools.posts.thread({ kind: 'project', id: projectId });
  const newest = posts.filter(({ key }) => key.startsWith(KEYS[page])).toReversed();
  if (page === 'retrospectives') return [{ title: null, posts: newest }];
  return [
    { title: 'Open', posts: newest.filter(isOpen) },
    { title: 'Closed', posts: newest.filter((post) => !isOpen(post)) },
  ];
}

function isOpen({ card }: Post): boolean {
  return card.outcome === null;
}

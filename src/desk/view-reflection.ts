import type { Post } from '#src/ports/chat.ts';
import type { ReflectionPage, ReflectionView } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonsPage } from './lessons-page.ts';

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
  return { name: project.name, posts: await postsOf(tools, projectId, page) };
}

/** Newest first, and trouble that is not over before that which is. */
async function postsOf(tools: Tools, projectId: string, page: ReflectionPage): Promise<Post[]> {
  if (page === 'lessons') return lessonsPage(tools, projectId);
  const posts = await tools.posts.thread({ kind: 'project', id: projectId });
  const newest = posts.filter(({ key }) => key.startsWith(KEYS[page])).toReversed();
  return page === 'retrospectives' ? newest : [...newest.filter(isOpen), ...newest.filter((post) => !isOpen(post))];
}

function isOpen({ card }: Post): boolean {
  return card.outcome === null;
}

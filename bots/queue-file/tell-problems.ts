import { card } from '#src/desk/cards/card-parts.ts';
import type { Post, PostStore } from '#src/ports/chat.ts';
import type { BoundFolder } from './queue-tools.ts';

/** More of them are one sentence. */
const MAX_TOLD = 5;

/**
 * Says in the project's channel what is wrong with its queue: one post, edited when that changes and when it is well
 * again, so that nobody hears the same twice.
 */
export function createTellProblems(
  posts: Pick<PostStore, 'say' | 'rewrite'>,
  onPosts: (posts: readonly Post[]) => void,
): (folder: BoundFolder, problems: readonly string[]) => Promise<void> {
  const told = new Map<string, string>();
  return async ({ path, projectId }, problems) => {
    const key = `queue-file:${projectId}:${path}`;
    const now = problems.join('\n');
    if (told.get(key) === now) return;
    const drawn = drawProblems(problems);
    const edited = await posts.rewrite(key, drawn);
    if (edited !== null) onPosts([edited]);
    else if (problems.length > 0) {
      const thread = { kind: 'project', id: projectId } as const;
      const author = { kind: 'factory', name: 'Workbench' } as const;
      onPosts([await posts.say({ key, thread, author, card: drawn, mentions: [] })]);
    }
    told.set(key, now);
  };
}

function drawProblems(problems: readonly string[]) {
  const [first, ...others] = problems;
  if (first === undefined) return card('notice', 'The queue of this project can be read again.', { tone: 'good' });
  const shown = others.slice(0, MAX_TOLD - 1).join('\n');
  const rest = others.length - (MAX_TOLD - 1);
  const text = rest > 0 ? `${shown}\nAnd ${rest} more.` : shown;
  return card('notice', first, { tone: 'bad', blocks: text === '' ? [] : [{ type: 'text', text }] });
}

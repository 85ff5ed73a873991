import type { Post, ThreadRef } from '#src/ports/chat.ts';
import type { DuePost, SurfacePosts } from '#src/ports/surface.ts';

/** Deliveries without those that tell a channel of a conversation that people hold in this very channel. */
export function leaveNeedless(surfacePosts: SurfacePosts): SurfacePosts {
  return {
    ...surfacePosts,
    async due(surface, limit, closed) {
      for (;;) {
        const dues = await surfacePosts.due(surface, limit, closed);
        const wanted: DuePost[] = [];
        for (const due of dues) {
          if (await leadsToItself(surfacePosts, due)) await leaveOut(surfacePosts, due);
          else wanted.push(due);
        }
        if (wanted.length > 0 || dues.length === 0) return wanted;
      }
    },
  };
}

async function leaveOut({ leftOut }: SurfacePosts, { place, post }: DuePost): Promise<void> {
  await leftOut(place, post.id, post.version, 'the conversation stands in this channel');
}

async function leadsToItself({ rootOf }: SurfacePosts, { post, place, sent }: DuePost): Promise<boolean> {
  const threads = threadsOn(post.card);
  if (sent !== null || post.thread.kind !== 'project' || post.card.kind !== 'message' || threads.length === 0)
    return false;
  const roots = await Promise.all(threads.map((thread) => rootOf(place.surface, thread)));
  return roots.every((root, at) => threads[at]?.kind === 'idea' && root?.channel === place.channel);
}

function threadsOn({ blocks }: Post['card']): ThreadRef[] {
  return blocks.flatMap((block) =>
    block.type === 'list' ? block.items.flatMap(({ thread }) => (thread === null ? [] : [thread])) : [],
  );
}

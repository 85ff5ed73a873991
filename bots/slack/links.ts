import type { KnownBlock } from '@slack/types';
import type { Post, PostRef, ThreadRef } from '#src/ports/chat.ts';
import type { SurfacePosts } from '#src/ports/surface.ts';
import { inlineLink, richText, section } from './blocks/rich-text.ts';
import type { Workspace } from './slack-tools.ts';

const keyOf = ({ kind, id }: ThreadRef): string => `${kind}:${id}`;

/** Addresses of the threads that a post leads to; null: it has no message in Slack yet. */
export async function linksOf(
  { surfacePosts, workspace }: { surfacePosts: Pick<SurfacePosts, 'rootOf'>; workspace: Workspace },
  { card }: Pick<Post, 'card'>,
): Promise<(thread: ThreadRef) => string | null> {
  const threads = card.blocks.flatMap((block) =>
    block.type === 'list' ? block.items.flatMap(({ thread }) => (thread === null ? [] : [thread])) : [],
  );
  const found = await Promise.all(
    threads.map(async (thread) => [keyOf(thread), await linkOf({ surfacePosts, workspace }, thread)] as const),
  );
  const links = new Map(found);
  return (thread) => links.get(keyOf(thread)) ?? null;
}

/** The address of a thread; null: it has no message in Slack yet. */
export async function linkOf(
  { surfacePosts, workspace }: { surfacePosts: Pick<SurfacePosts, 'rootOf'>; workspace: Workspace },
  thread: ThreadRef,
): Promise<string | null> {
  const root = await surfacePosts.rootOf('slack', thread);
  return root === null ? null : linkTo(workspace, root.channel, root.root);
}

/** A line below an answer that leads to the post which it is about; nothing where Slack does not have that yet. */
export async function leadTo(
  { surfacePosts, workspace }: { surfacePosts: Pick<SurfacePosts, 'rootOf' | 'messageOf'>; workspace: Workspace },
  at: PostRef | undefined,
): Promise<KnownBlock[]> {
  if (at === undefined) return [];
  const [message, root] = await Promise.all([
    surfacePosts.messageOf('slack', at.postId),
    surfacePosts.rootOf('slack', at.thread),
  ]);
  if (message === null) return [];
  const { channel, messageId } = message;
  const inThread = root === null || root.root === messageId ? '' : `?thread_ts=${root.root}&cid=${channel}`;
  return [richText(section(...inlineLink('Open it in its thread', linkTo(workspace, channel, messageId) + inThread)))];
}

/** As `chat.getPermalink` makes it, without asking. */
function linkTo({ url }: Workspace, channel: string, ts: string): string {
  return `${url}archives/${channel}/p${ts.replace('.', '')}`;
}

import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import type { DrawnPost } from '../cards/post.ts';
import { toText, type Html } from '../html.ts';

/**
 * What a page shows that can change while it is open: regions (elements with an id) and at most one feed of posts.
 * The page and the live stream are made from the same drawing, so they cannot disagree.
 */
export interface Drawing {
  title: string;
  regions: { id: string; html: Html }[];
  feed: { id: string; posts: DrawnPost[] } | null;
}

/** A drawing as text, ready to be compared and sent. */
export interface Snapshot {
  title: string;
  regions: Map<string, string>;
  feedId: string | null;
  posts: Map<string, { html: string; announcement: string }>;
  /** The same for the same content: what a browser names when it comes back after a lost connection. */
  digest: string;
}

export async function takeSnapshot(drawing: Drawing): Promise<Snapshot> {
  const regions = new Map<string, string>();
  for (const region of drawing.regions) regions.set(region.id, (await toText(region.html)).trim());
  const posts = new Map<string, { html: string; announcement: string }>();
  for (const post of drawing.feed?.posts ?? []) {
    posts.set(post.id, { html: (await toText(post.html)).trim(), announcement: post.announcement });
  }
  const hash = createHash('sha256').update(drawing.title);
  for (const [id, html] of regions) hash.update(`\0${id}\0${html}`);
  for (const [id, post] of posts) hash.update(`\0${id}\0${post.html}`);
  return {
    title: drawing.title,
    regions,
    feedId: drawing.feed?.id ?? null,
    posts,
    digest: hash.digest('base64url').slice(0, 22),
  };
}

/** A region of a snapshot, to be put into a page. */
export function region(snapshot: Snapshot, id: string): Html {
  return raw(snapshot.regions.get(id) ?? '');
}

export function feedOf(snapshot: Snapshot): Html {
  return raw([...snapshot.posts.values()].map((post) => post.html).join('\n'));
}

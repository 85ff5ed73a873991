import { wasHalted } from '#src/code-factory/halt.ts';
import { FactoryError } from '#src/errors.ts';
import type { Place, PlaceThread } from '#src/ledger/place.ts';
import type { Issues } from '#src/ports/issues.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { DuePost, SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import type { Log } from '#src/ports/log.ts';
import { hasLabel, issueAt, pathOf } from '../github-tools.ts';
import { hasMarker } from './marker.ts';
import { questionComment } from './question-words.ts';
import type { IssueState } from './question-words.ts';

/** In case nobody says that something is due. */
const EVERY_MS = 60_000;
const BATCH = 100;

export interface AskingTools {
  issues: Pick<Issues, 'read' | 'comments' | 'comment' | 'editComment'>;
  surfacePosts: Pick<SurfacePosts, 'due' | 'intend' | 'leftOut'>;
  unitOfWork: Pick<UnitOfWork, 'tables' | 'conversations' | 'withLock'>;
  label: string;
  log: Log;
}

/**
 * Keeps the one comment that an issue gets from the factory: questions while it is too vague for a story, edited in place
 * to a word of thanks. An issue that says enough gets none. Cards stay where they have buttons; of the posts that are due
 * on GitHub those of canvas and stories tell only that the comment may have to change.
 */
export function startAsking(tools: AskingTools): Rounds {
  const { surfacePosts, unitOfWork, log } = tools;
  const round = async (): Promise<void> => {
    for (;;) {
      const due = await surfacePosts.due('github', BATCH);
      let settled = 0;
      for (const posts of byThread(due).values()) if (await settle(tools, posts)) settled += 1;
      // Left due is what GitHub did not answer; it waits for the next round.
      if (due.length < BATCH || settled === 0) return;
    }
  };
  return keepGoing({
    round: async () => void (await unitOfWork.withLock('surface:github', round)),
    everyMs: EVERY_MS,
    onError: (error) =>
      log.error({ surface: 'github', error: String(error) }, 'questions could not be asked; tried again'),
  });
}

function byThread(due: readonly DuePost[]): Map<string, DuePost[]> {
  const threads = new Map<string, DuePost[]>();
  for (const one of due) {
    const { kind, id } = one.post.thread;
    const key = `${kind}/${id}`;
    threads.set(key, [...(threads.get(key) ?? []), one]);
  }
  return threads;
}

/** Of one thread. Answers whether they are due no more. */
async function settle(tools: AskingTools, posts: readonly DuePost[]): Promise<boolean> {
  const telling = posts.find(({ post: { key } }) => key.startsWith('canvas:') || key.startsWith('stories:'));
  let reason = 'The issue has one comment of the factory.';
  if (telling !== undefined && telling.root !== null) {
    try {
      await refreshComment(tools, { ...telling.place, root: telling.root }, telling);
    } catch (error) {
      tools.log.warn(
        { surface: 'github', ...issueAt({ ...telling.place, root: telling.root }), error: String(error) },
        'an issue could not be commented on',
      );
      if (!(error instanceof FactoryError) || error.retryable || wasHalted(error)) return false;
      reason = error.code;
    }
  }
  for (const { post, place } of posts) await tools.surfacePosts.leftOut(place, post.id, post.version, reason);
  return true;
}

async function refreshComment(
  { issues, surfacePosts, unitOfWork, label }: AskingTools,
  thread: PlaceThread,
  { post, place }: { post: DuePost['post']; place: Place },
): Promise<void> {
  const state = await stateOf(unitOfWork, post.thread.id);
  if (state === null) return;
  const { repository, number } = issueAt(thread);
  const path = pathOf(repository);
  const wanted = questionComment(state);
  // Also after an answer that was lost: whether it is there is seen there.
  const own = (await issues.comments(path, number)).find(({ isOwnAccount, text }) => isOwnAccount && hasMarker(text));
  if (own !== undefined) {
    if (own.text.replaceAll('\r\n', '\n') !== wanted) await issues.editComment(path, own.id, wanted);
    return;
  }
  if (state.stories > 0) return;
  const issue = await issues.read(path, number);
  if (typeof issue === 'string' || !issue.isOpen || !hasLabel(issue.labels, label)) return;
  await surfacePosts.intend(place, post.id);
  await issues.comment(path, number, wanted);
}

/** Once canvas and stories are of the same words. null: it was forgotten, or a model is to read it first. */
async function stateOf(unitOfWork: AskingTools['unitOfWork'], conversationId: string): Promise<IssueState | null> {
  return waitForLock(unitOfWork, `conversation:${conversationId}`, async () => {
    const { tables, conversations } = unitOfWork;
    const conversation = await conversations.get(conversationId);
    if (conversation === null || conversation.messages.every(({ text }) => text === '')) return null;
    if ((await tables.get('inceptions', conversationId))?.refine === true) return null;
    const items = await tables.find(
      'inception_items',
      { inceptionId: conversationId, kind: 'openQuestion' },
      { orderBy: 'position' },
    );
    const stories = await tables.find('stories', { conversationId });
    return {
      openQuestions: items.map(({ text }) => text),
      stories: stories.filter(({ status }) => status !== 'removed').length,
      leftOut: conversation.skipped.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

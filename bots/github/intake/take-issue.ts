import type { ThreadWords } from '#src/desk/threads.ts';
import { isForgotten } from '#src/intake/is-forgotten.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { Conversation, Skipped } from '#src/ports/conversation.ts';
import { actorOf, hasLabel, originIdOf, pathOf, threadOf } from '../github-tools.ts';
import type { GitHubTools, IssueRef } from '../github-tools.ts';
import type { ToldIssue } from '../receiving/told.ts';
import { boundRepository } from './bound-repositories.ts';
import { beginAsLabelled } from './begin-as-labelled.ts';
import { heardWords } from './heard-words.ts';
import type { MayWrite } from './who-may-write.ts';

/**
 * Brings the conversation of an issue up to what stands on GitHub now: begins it where an open issue carries the label,
 * adds what was said since, changes what was edited and takes back what was deleted. Doing it again changes nothing.
 */
export async function takeIssue(tools: GitHubTools, mayWrite: MayWrite, told: ToldIssue): Promise<void> {
  const { desk, issues, label, log, unitOfWork } = tools;
  const bound = await boundRepository(unitOfWork.tables, told.repository);
  if (bound === null) {
    log.debug({ surface: 'github', repository: told.repository }, 'no project works on this repository');
    return;
  }
  const ref = { repository: bound.repository, number: told.number };
  const about = { surface: 'github', repository: ref.repository, issue: ref.number };
  const thread = await desk.threadAt(threadOf(tools, ref));
  if (thread === null && told.labels !== null && !hasLabel(told.labels, label)) return;
  const conversation = thread === null ? null : await unitOfWork.conversations.get(thread.id);
  if (isForgotten(conversation)) return;
  const kept = wordsOf(conversation, ref);

  const path = pathOf(ref.repository);
  const issue = await issues.read(path, ref.number);
  if (issue === 'absent') {
    log.warn(about, 'an issue is not there under this name any more; was the repository renamed, or the issue moved?');
    return;
  }
  if (issue === 'gone') {
    if (thread !== null) await takeBack(tools, thread, actorIn(kept), kept);
    return;
  }
  const isLabelled = hasLabel(issue.labels, label);
  // A conversation that was begun goes on; a new one begins with an open issue.
  if (issue.isPullRequest || (thread === null && !(issue.isOpen && isLabelled))) return;
  const comments = await issues.comments(path, ref.number);
  const { words, leftOut, present } = await heardWords(ref, issue, comments, (login) => mayWrite(path, login));
  // Without the label nothing new is heard; what was said before can still be edited and taken back.
  const known = new Set(kept.map(({ originId }) => originId));
  const fresh = isLabelled ? words : words.filter(({ originId }) => known.has(originId));
  const [first] = fresh;
  if (leftOut > (conversation?.skipped[0]?.count ?? 0)) {
    log.info({ ...about, leftOut }, 'words of people who may not write to the repository are not read');
  }
  if (first !== undefined) {
    for (const speaker of new Set(fresh.map((one) => one.speaker))) {
      await tools.people.remember(actorOf(speaker), speaker);
    }
    const place = threadOf(tools, ref);
    const joined = await desk.joinThread(actorOf(first.speaker), place, bound.projectId, fresh, skippedOf(leftOut));
    if (issue.isOpen && isLabelled) await beginAsLabelled(tools, mayWrite, path, told, joined.conversationId);
  }
  if (thread !== null) {
    const deleted = kept.filter(({ originId, text }) => text !== '' && !present.has(originId));
    await takeBack(tools, thread, actorIn(kept), deleted);
  }
}

type KeptWords = Pick<ThreadWords, 'originId' | 'speaker' | 'text'>;

/** What was kept of the issue, oldest first; in the room people may have said more. */
function wordsOf(conversation: Conversation | null, ref: IssueRef): KeptWords[] {
  const own = originIdOf(ref, null);
  return (conversation?.messages ?? []).flatMap(({ originId, speaker, text }) =>
    originId !== null && (originId === own || originId.startsWith(`${own}/`)) ? [{ originId, speaker, text }] : [],
  );
}

function actorIn([first]: readonly KeptWords[]): string {
  return actorOf(first?.speaker ?? 'ghost');
}

async function takeBack(
  { desk }: GitHubTools,
  thread: ThreadRef,
  actor: string,
  words: readonly KeptWords[],
): Promise<void> {
  for (const { originId } of words) await desk.changeWords(actor, thread, originId, null);
}

function skippedOf(count: number): Skipped[] {
  return count === 0 ? [] : [{ kind: 'without-write-access', count, reason: WITHOUT_ACCESS }];
}

const WITHOUT_ACCESS = 'people who may not write to the repository said it';

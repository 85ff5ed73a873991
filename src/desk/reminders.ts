import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import type { Post } from '#src/ports/chat.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import { isGroup } from '#src/ports/groups.ts';
import type { OpenAsk } from '#src/ports/reminders.ts';
import { mayApprove } from '#src/review/rights.ts';
import { reminderCard } from './cards/reminder-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonOf } from './draw-lessons.ts';
import { nameIn, namePeople } from './name-people.ts';
import { by, post as postDraft } from './redraw.ts';
import { dayAndHour, isWorkingTime, nextReminderAt, nextWorkingDayAt } from '#src/working-hours.ts';

const EVERY_MS = 60_000;

type Tools = Pick<
  DeskTools,
  'unitOfWork' | 'posts' | 'reminders' | 'workingHours' | 'people' | 'groups' | 'review' | 'clock' | 'log'
>;

/**
 * Reminds people, once and while they work, of what they were asked four hours ago or more; and once more each time that
 * somebody snoozes it. One process at a time. `tell` hears of posts that changed.
 */
export function startReminders(tools: Tools, tell: (posts: readonly Post[]) => void): Rounds {
  return keepGoing({
    everyMs: EVERY_MS,
    round: async () => void (await tools.unitOfWork.withLock('reminders', () => remindOnce(tools, tell))),
    onError: (error) => tools.log.warn({ error: String(error) }, 'nobody could be reminded; it is tried again'),
  });
}

async function remindOnce(tools: Tools, tell: (posts: readonly Post[]) => void): Promise<void> {
  for (const ask of await tools.reminders.open()) {
    try {
      const changed = isAnswered(ask.post) ? await retire(tools, ask.post) : await remind(tools, ask);
      if (changed.length > 0) tell(changed);
    } catch (error) {
      // One ask that cannot be looked at must not keep the others from being told of.
      tools.log.warn({ postId: ask.post.id, error: String(error) }, 'a reminder could not be said');
    }
  }
}

function isAnswered({ card }: Post): boolean {
  return card.outcome !== null || card.actions.length === 0;
}

async function remind(tools: Tools, { post, said, snoozedUntil }: OpenAsk): Promise<Post[]> {
  const { workingHours: hours, posts, clock } = tools;
  if (hours === null) return [];
  const now = clock.now();
  const dueAt = snoozedUntil !== null ? new Date(snoozedUntil) : nextReminderAt(new Date(post.postedAt), hours);
  const isDue = (snoozedUntil !== null || said === 0) && dueAt <= now && isWorkingTime(now, hours);
  if (!isDue) return [];
  const count = said + 1;
  const mentions = await stillAsked(tools, post);
  // Looking that up takes a while; they may have answered meanwhile.
  const asked = await posts.get(post.id);
  if (asked === null || isAnswered(asked)) return [];
  const told: Post[] = [];
  if (mentions.length > 0) {
    const drawn = reminderCard({ ask: asked, what: await whatWaits(tools, asked), count });
    const draft = postDraft(reminderKey(asked, count), asked.thread, by('tess'), drawn, mentions);
    for (const named of await namePeople([draft], tools.people)) told.push(await posts.say(named));
  }
  await tools.reminders.said(post.id, count);
  return told;
}

/** The key makes it said once, whatever dies in between. */
function reminderKey({ id }: Pick<Post, 'id'>, count: number): string {
  return `reminder:${id}:${count}`;
}

/** Those who were asked, without people who may not approve this, or not any more. */
async function stillAsked({ unitOfWork, review }: Tools, { card, mentions, thread }: Post): Promise<string[]> {
  if (card.kind !== 'review' || thread.kind !== 'task') return [...mentions];
  const task = await loadTask(unitOfWork, thread.id);
  if (task === null) return [];
  const rights = await review.rightsFor(task);
  return mentions.filter(
    (name) => rights.approvers.includes(name) && (isGroup(name) || mayApprove(name, task.requester, rights).allowed),
  );
}

/** By the number that people call it. */
async function whatWaits({ unitOfWork }: Tools, { key, thread }: Post): Promise<string> {
  if (thread.kind === 'task') {
    const task = await unitOfWork.tables.get('story_tasks', thread.id);
    return task === null ? 'This' : `Task ${task.number}`;
  }
  const lessonId = lessonOf(key);
  const lesson = lessonId === null ? null : await unitOfWork.tables.get('lessons', lessonId);
  return lesson === null ? 'This' : `Lesson ${lesson.number}`;
}

/** It is answered: the buttons of its reminders go, and nobody is reminded any more. */
async function retire(tools: Tools, ask: Post): Promise<Post[]> {
  const what = await whatWaits(tools, ask);
  const outcome = `${ask.card.kind === 'review' ? 'Decided' : 'Answered'}; the card above says how.`;
  const changed: Post[] = [];
  for (const told of await tools.posts.thread(ask.thread)) {
    if (!told.key.startsWith(`reminder:${ask.id}:`) || isAnswered(told)) continue;
    const drawn = reminderCard({ ask, what, count: 0, outcome });
    const rewritten = await tools.posts.rewrite(told.key, drawn);
    if (rewritten !== null) changed.push(rewritten);
  }
  await tools.reminders.end(ask.id);
  return changed;
}

/** Later: one more reminder at the beginning of the next working day. FactoryError `not-asked` for others. */
export async function snooze(
  tools: Tools,
  { actor, postId, count }: { actor: string; postId: string; count: number },
): Promise<string> {
  const { posts, workingHours: hours, reminders, people, clock } = tools;
  const ask = await posts.get(postId);
  if (ask === null || isAnswered(ask)) return 'It is decided already; nobody is reminded any more.';
  await requireAsked(tools, ask, actor);
  if (hours === null) return 'Nobody is reminded of anything: WORKING_HOURS is none.';
  const until = nextWorkingDayAt(clock.now(), hours);
  await reminders.snooze(postId, count, until);
  const outcome = `${actor} snoozed it until ${dayAndHour(until, hours)}.`;
  const drawn = reminderCard({ ask, what: await whatWaits(tools, ask), count, outcome });
  await posts.rewrite(reminderKey(ask, count), await nameIn(drawn, people));
  return `Reminds you again on ${dayAndHour(until, hours)}.`;
}

async function requireAsked({ groups }: Tools, { mentions }: Post, actor: string): Promise<void> {
  if (mentions.includes(actor)) return;
  for (const group of mentions.filter(isGroup)) if ((await groups.members(group)).includes(actor)) return;
  throw new FactoryError('not-asked', 'This waits for somebody else.', {
    fix: `Leave it to ${mentions.join(' or ')}.`,
  });
}

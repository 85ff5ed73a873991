import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { decideLesson } from '#src/reflection/lessons/decide-lesson.ts';
import type { LessonCommand, LessonMeta } from '#src/reflection/lessons/decide-lesson.ts';
import { decideOffer } from '#src/reflection/lessons/decide-offer.ts';
import type { Offered, Shown } from '#src/reflection/lessons/decide-offer.ts';
import { foldLessons } from '#src/reflection/lessons/fold-lessons.ts';
import { judgeLesson } from '#src/reflection/lessons/judge-lesson.ts';
import type { LessonProposal } from '#src/reflection/lessons/lesson.ts';

export const AT = '2026-11-20T09:00:00.000Z';
const DAY_MS = 86_400_000;
/** ISO 8601 UTC, so many days after `AT`. */
export const onDay = (days: number): string => new Date(Date.parse(AT) + days * DAY_MS).toISOString();

export const told = (text: string, rest: Partial<LessonProposal> = {}): LessonProposal => ({
  projectId: 'p',
  origin: 'told',
  kind: 'rule',
  scope: { kind: 'project', key: null },
  about: null,
  text,
  evidence: [],
  ...rest,
});

/** Of a failure of the cart, shown by these events. */
export const seen = (evidence: number[], rest: Partial<LessonProposal> = {}): LessonProposal =>
  told('In src/cart, “rounds half a cent up” failed in 3 of 9 tasks. Run it before you hand over.', {
    origin: 'evidence',
    kind: 'check',
    scope: { kind: 'path', key: 'src/cart' },
    about: { repoId: 'repo', fingerprint: 'f1' },
    evidence,
    ...rest,
  });

/** Each event is of a task and a conversation of its own. */
const ownTasks = (evidence: readonly number[]): Shown[] =>
  evidence.map((seq) => ({ seq, taskId: `t${seq}`, conversationId: `c${seq}` }));

/** A project's lessons in memory. Each command is decided on what the ones before it left. */
export function createBook() {
  const events: RecordedEvent[] = [];
  const texts = new Map<string, string>();
  let offers = 0;
  const book = () => foldLessons(events, texts);
  const record = (drafts: readonly EventDraft[]): void => {
    for (const draft of drafts) events.push({ ...draft, position: events.length + 1 } as RecordedEvent);
  };
  const kept = (text: string) => {
    const words = judgeLesson(text);
    const artifact = `artifact of ${words.text}`;
    texts.set(artifact, words.text);
    return { ...words, artifact };
  };
  return {
    events,
    kept,
    lessons: (): readonly LessonRow[] => book().lessons,
    offer(proposal: LessonProposal, meta: Partial<LessonMeta> = {}, shown = ownTasks(proposal.evidence)): Offered {
      offers += 1;
      const by = { actor: proposal.origin === 'told' ? 'ada' : 'persona:moltbot', at: AT, ...meta };
      const offer = { lessonId: `l${offers}`, proposal, words: kept(proposal.text), shown };
      const offered = decideOffer(offer, book(), by);
      record(offered.events);
      return offered;
    },
    decide(command: LessonCommand, meta: Partial<LessonMeta> = {}): string[] {
      const drafts = decideLesson(command, book(), { actor: 'grace', at: AT, ...meta });
      record(drafts);
      return drafts.map(({ type }) => type);
    },
  };
}

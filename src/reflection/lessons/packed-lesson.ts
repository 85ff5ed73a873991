import type { PackRequest } from '#src/context-pack/pack.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { displayName, isPersonaName } from '#src/ports/personas.ts';

const KIND_WORDS: Readonly<Record<LessonRow['kind'], string>> = {
  rule: 'a rule',
  check: 'something to check before the work is done',
  'known-fix': 'what helped before',
};

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** A lesson as a context pack shows it: what it is, for whom, and who let it count. */
export function packedLesson(lesson: LessonRow): PackRequest['lessons'][number] {
  const { id, number, kind, decidedBy, decidedAt, text } = lesson;
  const accepted =
    decidedAt === null ? '' : ` (${decidedBy ?? 'somebody'} accepted it on ${day.format(Date.parse(decidedAt))})`;
  return { id, title: `Lesson ${number}${forWhom(lesson)}, ${KIND_WORDS[kind]}${accepted}`, text };
}

function forWhom({ scopeKind, scopeKey }: LessonRow): string {
  if (scopeKey === null || scopeKind === 'project') return '';
  return ` for ${isPersonaName(scopeKey) ? displayName(scopeKey) : scopeKey}`;
}

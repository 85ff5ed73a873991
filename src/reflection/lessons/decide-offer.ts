import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { isOpen, isPerson } from './decide-lesson.ts';
import type { KeptText, LessonMeta } from './decide-lesson.ts';
import { conflictsOf } from './conflicts.ts';
import type { LessonBook } from './fold-lessons.ts';
import type { LessonProposal } from './lesson.ts';
import { isSameLesson } from './resemblance.ts';
import type { Compared } from './resemblance.ts';

/** Where an event that shows a lesson comes from. */
export interface Shown {
  seq: number;
  taskId: string;
  conversationId: string;
}

export interface Offer {
  /** Of the lesson, should it become one. */
  lessonId: string;
  proposal: LessonProposal;
  words: KeptText;
  /** The evidence, as far as it is of tasks of this project. */
  shown: readonly Shown[];
}

export interface Offered {
  /** Of the lesson that says it: a new one, or one that is there. */
  lessonId: string;
  /** `supported`: it is a lesson already, whatever has become of that. */
  outcome: 'proposed' | 'supported' | 'refused';
  events: EventDraft[];
}

/** Once is an accident. */
export const MIN_TASKS = 2;
/** What one conversation brought about rests on one outside text, however many tasks came of it. */
export const MIN_CONVERSATIONS = 2;
/** The factory itself, and the persona that looks back. */
const REFLECTING = ['factory', 'persona:moltbot'];

/**
 * What becomes of something to learn: a new lesson that people are asked about, more evidence for one that is there, or
 * one that is refused and shown as suspicious. Throws FactoryError `lesson-not-yours` and `lesson-needs-evidence`.
 */
export function decideOffer(offer: Offer, book: LessonBook, meta: LessonMeta): Offered {
  const { proposal, words, lessonId } = offer;
  requireSpeaker(proposal, meta.actor);
  requireEvidence(offer);
  const compared = comparedWith(proposal, words.text);
  const same = book.lessons.filter((lesson) => isSameLesson(compared, lesson));
  if (words.suspicions.length > 0) return refuse(offer, book, meta);
  const open = same.find(isOpen);
  if (open !== undefined) return support(open, offer, meta);
  const turnedDown = same.findLast(({ status }) => status === 'declined' || status === 'retired');
  if (turnedDown !== undefined && proposal.origin === 'evidence' && !hasDoubled(turnedDown, proposal)) {
    return { lessonId: turnedDown.id, outcome: 'supported', events: [] };
  }
  const proposed: EventDraft<'lesson.proposed'> = {
    ...factBy(meta.actor, meta.at),
    artifact: words.artifact,
    type: 'lesson.proposed',
    body: bodyOf(offer, book, meta),
  };
  return { lessonId, outcome: 'proposed', events: [proposed] };
}

/** Whether there is as much again to show since people said no. */
export function hasDoubled(
  { evidence }: Pick<LessonRow, 'evidence'>,
  proposal: Pick<LessonProposal, 'evidence'>,
): boolean {
  return united(evidence, proposal.evidence).length >= 2 * Math.max(1, evidence.length);
}

function refuse(offer: Offer, book: LessonBook, meta: LessonMeta): Offered {
  const { lessonId, words } = offer;
  const known = book.lessons.find(({ status, text }) => status === 'refused' && text === words.text);
  if (known !== undefined) return { lessonId: known.id, outcome: 'refused', events: [] };
  const refused: EventDraft<'lesson.refused'> = {
    ...factBy(meta.actor, meta.at),
    artifact: words.artifact,
    type: 'lesson.refused',
    body: { ...bodyOf(offer, book, meta), conflictsWith: [], suspicions: words.suspicions },
  };
  return { lessonId, outcome: 'refused', events: [refused] };
}

function support(lesson: LessonRow, { proposal }: Offer, { actor, at }: LessonMeta): Offered {
  const evidence = united(lesson.evidence, proposal.evidence);
  const isNew = evidence.length > lesson.evidence.length;
  const supported: EventDraft<'lesson.supported'> = {
    ...factBy(actor, at),
    type: 'lesson.supported',
    body: { lessonId: lesson.id, evidence },
  };
  return { lessonId: lesson.id, outcome: 'supported', events: isNew ? [supported] : [] };
}

function bodyOf(offer: Offer, { lessons }: LessonBook, { at }: LessonMeta) {
  const { lessonId, proposal, words } = offer;
  const { projectId, origin, kind, scope, about } = proposal;
  return {
    ...{ lessonId, projectId, origin, kind, scope, about },
    number: Math.max(0, ...lessons.map(({ number }) => number)) + 1,
    evidence: united([], proposal.evidence),
    conflictsWith: conflictsOf(comparedWith(proposal, words.text), lessons, at),
  };
}

/** `text`: its words as they would be kept. */
export function comparedWith({ scope, about }: Pick<LessonProposal, 'scope' | 'about'>, text: string): Compared {
  return {
    scopeKind: scope.kind,
    scopeKey: scope.key,
    repoId: about?.repoId ?? null,
    fingerprint: about?.fingerprint ?? null,
    text,
  };
}

function requireSpeaker({ origin }: LessonProposal, actor: string): void {
  if (isPerson(actor) || (origin === 'evidence' && REFLECTING.includes(actor))) return;
  throw new FactoryError('lesson-not-yours', `${actor} is no person, so it cannot tell the factory what to learn.`, {
    fix: 'Let a person say it: `remember: …`.',
  });
}

function requireEvidence({ proposal: { origin, evidence }, shown }: Offer): void {
  if (origin === 'told') return;
  const isWhole = evidence.every((seq) => shown.some((event) => event.seq === seq));
  const tasks = new Set(shown.map(({ taskId }) => taskId));
  const conversations = new Set(shown.map(({ conversationId }) => conversationId));
  if (isWhole && tasks.size >= MIN_TASKS && conversations.size >= MIN_CONVERSATIONS) return;
  throw new FactoryError(
    'lesson-needs-evidence',
    'What the factory learns by itself has to show in several tasks, of more than one conversation.',
    { fix: 'Wait for more tasks, or let a person say it: `remember: …`.' },
  );
}

function united(some: readonly number[], more: readonly number[]): number[] {
  return [...new Set([...some, ...more])].toSorted((a, b) => a - b);
}

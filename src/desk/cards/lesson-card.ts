import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Card, CardAction, CardBlock, CardListItem, DeskCommand } from '#src/ports/chat.ts';
import { displayName, isPersonaName } from '#src/ports/personas.ts';
import { isInForce } from '#src/reflection/lessons/lesson.ts';
import { oneLine } from '../one-line.ts';
import { action, card, count, item } from './card-parts.ts';

/** What is known about a lesson beside its row. */
export interface LessonFacts {
  /** Whether it counts is judged then. */
  at: Date;
  /** A sentence about what it did; null: there is nothing to say. */
  effect?: string | null;
  /** Lessons that seem to say the opposite, as they stand. */
  conflicts?: readonly LessonRow[];
  /** Tasks whose events show it. */
  tasks?: readonly { id: string; number: number; title: string }[];
}

type Decision = (DeskCommand & { type: 'decide-lesson' })['decision'];

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** “22 Nov 2026”. */
export function dayWords(iso: string | null): string {
  return iso === null ? 'an unknown day' : day.format(Date.parse(iso));
}

/** A lesson as one line of a card, with what a person can decide on it. Action names hold its id, so many fit on a card. */
export function lessonItem(lesson: LessonRow, facts: LessonFacts): CardListItem {
  return item(`**Lesson ${lesson.number}** · ${oneLine(lesson.text)}`, {
    mark: markOf(lesson, facts),
    detail: [`For ${forWhom(lesson)}.`, standing(lesson, facts), facts.effect, shownBy(facts), ...conflictWords(facts)]
      .filter((part) => part != null)
      .join(' '),
    actions: lessonActions(lesson, facts),
  });
}

/** One lesson: who told it and what speaks for and against it, and the one outcome in the place of the buttons. */
export function lessonCard(lesson: LessonRow, facts: LessonFacts): Card {
  const { proposedBy, proposedAt, suspicions } = lesson;
  if (lesson.status === 'refused') {
    return card('notice', `This looks suspicious, so nothing uses it: “${oneLine(lesson.text)}”`, {
      tone: 'bad',
      blocks: [
        { type: 'list', title: 'Why', items: suspicions.map((text) => item(oneLine(text))) },
        { type: 'facts', facts: [{ label: 'Told by', value: `${proposedBy}, ${dayWords(proposedAt)}` }] },
      ],
    });
  }
  const isAsked = lesson.status === 'proposed' || lesson.retirementProposed;
  return card('question', `${leadWords(lesson, facts)} “${oneLine(lesson.text)}”`, {
    tone: isAsked ? 'waiting' : 'plain',
    blocks: [
      {
        type: 'facts',
        facts: [
          { label: 'For', value: forWhom(lesson) },
          { label: 'Told by', value: `${proposedBy}, ${dayWords(proposedAt)}` },
        ],
      },
      ...conflictBlocks(facts),
      ...evidenceBlocks(facts),
    ],
    actions: lessonActions(lesson, facts, 'primary'),
    outcome: isAsked ? null : standing(lesson, facts),
  });
}

function leadWords({ number, status, retirementProposed }: LessonRow, { conflicts = [] }: LessonFacts): string {
  if (retirementProposed) return `Lesson ${number} seems to do nothing. Is it to stay?`;
  if (status !== 'proposed') return `Lesson ${number}:`;
  const against = conflicts.length === 0 ? '' : ', and seems to contradict another';
  return `Lesson ${number} waits for a yes${against}:`;
}

/** As it is said behind “for”. */
export function forWhom({ scopeKind, scopeKey }: Pick<LessonRow, 'scopeKind' | 'scopeKey'>): string {
  if (scopeKind === 'project' || scopeKey === null) return 'every task';
  return isPersonaName(scopeKey) && scopeKind === 'persona' ? displayName(scopeKey) : `\`${oneLine(scopeKey)}\``;
}

/** Where it stands, as a sentence. */
function standing(lesson: LessonRow, { at }: LessonFacts): string {
  const { status, decidedBy, decidedAt, expiresAt, retirementProposed } = lesson;
  const who = decidedBy ?? 'Somebody';
  switch (status) {
    case 'proposed':
      return 'It waits for a yes.';
    case 'refused':
      return `It looks suspicious and is never used: ${lesson.suspicions.map(oneLine).join(' ')}`;
    case 'declined':
      return `${who} declined it on ${dayWords(decidedAt)}.`;
    case 'retired':
      return `${who} retired it on ${dayWords(decidedAt)}.`;
    case 'accepted':
      if (!isInForce(lesson, at)) return `It counted until ${dayWords(expiresAt)}.`;
      return `${who} accepted it; it counts until ${dayWords(expiresAt)}.${retirementProposed ? ' May it go?' : ''}`;
  }
}

function markOf(lesson: LessonRow, { at }: LessonFacts): CardListItem['mark'] {
  if (lesson.status === 'refused') return 'failed';
  if (lesson.status === 'proposed' || lesson.retirementProposed) return 'question';
  return isInForce(lesson, at) ? 'done' : 'none';
}

/** At most one button of a card is primary, so lists have none. */
function lessonActions(lesson: LessonRow, { at }: LessonFacts, yes: CardAction['style'] = 'plain'): CardAction[] {
  const { id, number, status, retirementProposed } = lesson;
  const decide = (decision: Decision, label: string, parts: Parameters<typeof action>[3] = {}): CardAction =>
    action(`${decision}-lesson:${id}`, label, { type: 'decide-lesson', lessonId: id, decision }, parts);
  const retire = decide('retire', 'Retire', { confirm: `Retire lesson ${number}? No later task is told it.` });
  if (status === 'proposed') {
    const input = { label: `Lesson ${number}, as it is to count`, required: true, value: lesson.text };
    return [
      decide('accept', 'Accept', { style: yes }),
      decide('edit', 'Edit', { input }),
      decide('decline', 'Decline'),
    ];
  }
  if (status !== 'accepted') return [];
  if (!isInForce(lesson, at)) return [decide('accept', 'Accept again'), retire];
  return retirementProposed ? [retire, decide('keep', 'Keep')] : [retire];
}

function conflictWords({ conflicts = [] }: LessonFacts): string[] {
  return conflicts.map(({ number, text }) => `It seems to contradict lesson ${number}: “${oneLine(text)}”`);
}

function conflictBlocks({ conflicts = [] }: LessonFacts): CardBlock[] {
  if (conflicts.length === 0) return [];
  const items = conflicts.map((other) => item(`Lesson ${other.number} · ${oneLine(other.text)}`, { mark: 'question' }));
  return [{ type: 'list', title: 'It seems to contradict', items }];
}

/** More numbers in a line say nothing. */
const MAX_NUMBERS = 4;

function shownBy({ tasks = [] }: LessonFacts): string | null {
  if (tasks.length === 0) return null;
  const numbers = tasks.map(({ number }) => number);
  if (numbers.length > MAX_NUMBERS) return `${numbers.length} tasks show it.`;
  return numbers.length === 1
    ? `Task ${numbers[0]} shows it.`
    : `Tasks ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} show it.`;
}

/** More are not looked at one by one. */
const MAX_TASKS = 20;

function evidenceBlocks({ tasks = [] }: LessonFacts): CardBlock[] {
  if (tasks.length === 0) return [];
  const items = tasks
    .slice(0, MAX_TASKS)
    .map(({ id, number, title }) => item(`${number} · ${title}`, { thread: { kind: 'task', id } }));
  const rest = tasks.length - items.length;
  const more = rest === 0 ? [] : [{ type: 'text' as const, text: `and ${rest} more` }];
  return [
    {
      type: 'fold',
      summary: `Shown by ${count(tasks.length, 'task')}`,
      blocks: [{ type: 'list', title: null, items }, ...more],
    },
  ];
}

import { lessonItem } from '#src/desk/cards/lesson-card.ts';
import type { CardListItem } from '#src/ports/chat.ts';
import type { HeldContent } from '#src/reflection/digest/held.ts';
import { lessonRow } from '#test/reflection/lessons/lesson-row.ts';

/** A week in which everything happened that a retrospective can tell of. */
export const fullWeek: Pick<HeldContent, 'retrospective' | 'details'> = {
  retrospective: {
    project: 'Corner shop',
    from: '2026-11-16T08:00:00.000Z',
    until: '2026-11-23T08:00:00.000Z',
    better: {
      lessonId: 'lesson-3',
      text: '“mail > is sent once” failed in 6 of 14 tasks before lesson 3, and in 1 of 12 since.',
    },
    shipped: [
      { taskId: 't12', number: 12, title: 'Greet returning customers by name', url: null },
      { taskId: 't14', number: 14, title: 'Search finds words without their accents', url: null },
      { taskId: 't15', number: 15, title: 'Old orders are read only', url: null },
      {
        taskId: 't17',
        number: 17,
        title: 'Prices carry two digits everywhere, in all lists and on invoices',
        url: null,
      },
      { taskId: 't18', number: 18, title: 'Uploads end at ten megabytes', url: null },
      { taskId: 't19', number: 19, title: 'The cart survives a restart', url: null },
    ],
    hurt: [
      { text: '“cart > rounds half a cent up” failed 4 times, in tasks 12, 14 and 17.', seqs: [40, 81, 99, 120] },
      { text: 'Vera’s check typically takes 4 min; it was 90 s.', seqs: [41, 82] },
      { text: 'People asked for changes: twice, in tasks 15 and 18.', seqs: [55, 130] },
    ],
    learned: [
      {
        lessonId: 'lesson-7',
        number: 7,
        text: 'Run “cart > rounds half a cent up” first.',
        asks: 'accept',
        effect: null,
      },
      {
        lessonId: 'lesson-2',
        number: 2,
        text: 'Sort names before you compare them.',
        asks: 'retire',
        effect: '“names > are sorted” failed in 5 of 20 tasks before lesson 2, and in 5 of 22 since: about as often.',
      },
    ],
    toTry: ['Mend “cart > rounds half a cent up” for good.', 'Find out why check takes longer than it did.'],
    numbers: [
      { name: 'merged', value: '6', trend: [2, 4, 3, 5, 6] },
      { name: 'passed their checks at once', value: '5 of 8', trend: [0.5, 0.75, 0.8, 0.6, 0.625] },
      {
        name: 'from idea to merge',
        value: 'typically 5.5 h',
        trend: [null, 30_000_000, 26_000_000, 21_000_000, 19_800_000],
      },
    ],
    caveats: ['1 verdict was erased and not counted.'],
  },
  details: [
    {
      title: 'What failed again and again',
      lines: ['“cart > rounds half a cent up” failed 4 times, in tasks 12, 14 and 17.'],
    },
    { title: 'Where the time of the team went', lines: ['Ollan’s build: 11 times, 1.4 h of work, 40 s in the queue.'] },
  ],
};

const at = new Date('2026-11-23T08:00:00.000Z');

/** What that week asks about. */
export function askedInFullWeek(): CardListItem[] {
  const asked = {
    status: 'proposed',
    scopeKind: 'path',
    scopeKey: 'src/cart',
    decidedBy: null,
    decidedAt: null,
  } as const;
  const [added, retiring] = fullWeek.retrospective.learned;
  return [
    lessonItem(lessonRow({ number: 7, text: added?.text ?? '', expiresAt: null, ...asked }), { at }),
    lessonItem(lessonRow({ number: 2, text: retiring?.text ?? '', retirementProposed: true }), {
      at,
      effect: retiring?.effect ?? null,
    }),
  ];
}

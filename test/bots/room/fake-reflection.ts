import type { ReflectionPage, ReflectionView } from '#src/desk/desk.ts';
import { incidentCard } from '#src/desk/cards/incident-card.ts';
import { lessonItem } from '#src/desk/cards/lesson-card.ts';
import { retrospectiveCard } from '#src/desk/cards/retrospective-card.ts';
import type { IncidentRow, LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Card, CardBlock, Post } from '#src/ports/chat.ts';
import { lessonRow } from '#test/reflection/lessons/lesson-row.ts';
import { card, hostile } from './fake-posts.ts';

const AT = '2026-11-23T09:00:00.000Z';
const long = `Round sums to whole cents before you compare them, in ${'one_unbroken_word_'.repeat(9)}; ${hostile}`;
const lesson = (number: number, text: string, more: Partial<LessonRow> = {}): Card => {
  const effect =
    number === 2
      ? '“adds up a cart” failed in 6 of 24 tasks before lesson 2, and in 1 of 30 since. With 95 % certainty, the change lies between 38 fewer and 2 fewer failing tasks of a hundred.'
      : null;
  const {
    text: lead,
    detail,
    actions,
  } = lessonItem(lessonRow({ number, text, ...more }), { at: new Date(AT), effect });
  const told: CardBlock[] = number === 2 ? [{ type: 'fold', summary: 'Told to 1 task', blocks: [toldTo] }] : [];
  return card({ kind: 'notice', lead, actions, blocks: [{ type: 'text', text: detail ?? '' }, ...told] });
};
const toldTo: CardBlock = {
  type: 'list',
  title: null,
  items: [
    {
      ...{ mark: 'none', text: '12 · Slugs without dashes', detail: null, why: null, actions: [] },
      thread: { kind: 'task', id: 'task-12' },
    },
  ],
};

const retrospective = retrospectiveCard(
  {
    retrospective: {
      ...{ project: 'recipes', from: '2026-11-16T09:00:00.000Z', until: AT },
      better: {
        lessonId: 'lesson-2',
        text: '“adds up a cart” failed in 6 of 24 tasks before lesson 2, and in 1 of 30 since.',
      },
      shipped: [{ taskId: 'task-12', number: 12, title: `Slugs without dashes ${hostile}`, url: null }],
      hurt: [{ text: 'The step “check” took 74 s, twice as long as in the weeks before.', seqs: [41] }],
      learned: [],
      toTry: ['Split the slow check in two.'],
      numbers: [
        { name: 'merged', value: '5', trend: [1, 2, 4, 3, 5] },
        { name: 'green at once', value: '80 %', trend: [0.5, 0.6, 0.6, 0.7, 0.8] },
        { name: 'days from idea to merge', value: '1.5', trend: [3, null, 2, 2, 1.5] },
      ],
      caveats: [],
    },
    details: [{ title: 'Where time went', lines: ['Ollan: 3 hours', `Vera: 2 hours ${hostile}`] }],
  },
  [],
);

const incident: IncidentRow = {
  ...{ id: 'incident-1', projectId: 'project-1', source: 'signal', service: 'checkout', signal: 'error-rate' },
  ...{ severity: 'error', fingerprint: 'f', times: 3, firstAt: '2026-11-22T08:00:00.000Z', lastAt: AT },
  ...{ afterTaskId: 'task-12', afterSha: 'a'.repeat(40), detailsArtifact: 'd', conversationId: 'idea-1' },
  ...{ status: 'open', closedBy: null, closedAt: null },
};
const incidents = [
  incident,
  { ...incident, id: 'incident-2', signal: 'latency', status: 'closed' as const, closedBy: 'ana', closedAt: AT },
].map((row) => incidentCard(row, { details: { path: '/cart', said: hostile }, before: { number: 12, endedAt: null } }));

const groups: Readonly<Record<ReflectionPage, readonly { title: string | null; cards: Card[] }[]>> = {
  lessons: [
    { title: 'To decide', cards: [lesson(4, long, { status: 'proposed', decidedAt: null })] },
    {
      title: 'In force',
      cards: [
        lesson(2, 'Round sums to whole cents.', { scopeKind: 'path', scopeKey: 'src/cart' }),
        lesson(1, 'Say in the README what changed.'),
      ],
    },
    {
      title: 'Suspicious, and never used',
      cards: [lesson(3, hostile, { status: 'refused', suspicions: ['It tells whoever reads it to ignore rules.'] })],
    },
  ],
  retrospectives: [{ title: null, cards: [retrospective] }],
  incidents: [
    { title: 'Open', cards: incidents.slice(0, 1) },
    { title: 'Closed', cards: incidents.slice(1) },
  ],
};

/** The pages of `project-1`, with everything on them; `project-2` has nothing yet. */
export function fakeReflection(projectId: string, page: ReflectionPage): ReflectionView | null {
  if (projectId === 'project-2') return { name: 'billing', groups: [] };
  if (projectId !== 'project-1') return null;
  return {
    name: 'recipes',
    groups: groups[page].map(({ title, cards }, index) => ({
      title,
      posts: cards.map((drawn, at) => post(drawn, [page, index, at])),
    })),
  };
}

function post(drawn: Card, place: readonly (string | number)[]): Post {
  const key = place.join('-');
  return {
    ...{ id: key, key, version: 1, postedAt: AT, editedAt: null },
    ...{ thread: { kind: 'project', id: 'project-1' }, author: { kind: 'persona', name: 'moltbot' } },
    ...{ card: drawn, mentions: [] },
  };
}

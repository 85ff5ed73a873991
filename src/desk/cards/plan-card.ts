import type { Velocity } from '#src/backlog/velocity.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { action, card, count, item, why } from './card-parts.ts';

/** A person reads no more buttons than that; other ideas commit in their own threads. */
const COMMIT_BUTTONS = 5;
const TITLE_CHARACTERS = 40;

export interface PlannedIdea {
  conversationId: string;
  title: string;
  /** Nobody has committed them; in the order in which they depend on one another. */
  stories: readonly StoryRow[];
  /** A model may write what the conversation holds no code for. */
  mayWrite: boolean;
}

export interface SprintPlan {
  ideas: readonly PlannedIdea[];
  velocity: Velocity;
  /** What is in the open sprint, or would come over into the next one; null: nothing. */
  taken: { number: number; isOpen: boolean; tasks: number; points: number } | null;
  /** Titles of the stories that others name, committed ones among them. */
  titles: ReadonlyMap<string, string>;
  hasRepository: boolean;
}

/** What could go into the sprint, idea by idea, beside what the last sprints got done. */
export function planCard(plan: SprintPlan): Card {
  const ready = plan.ideas.flatMap(({ stories }) => stories.filter(canStart));
  const points = ready.reduce((sum, story) => sum + story.points, 0);
  return card('stories', lead(plan, ready.length, points), {
    blocks: [
      { type: 'facts', facts: factsOf(plan) },
      ...plan.ideas.filter(({ stories }) => stories.some(canStart)).map((idea) => readyList(idea, plan)),
      ...notReady(plan),
    ],
    actions: plan.hasRepository ? commits(plan.ideas) : [],
  });
}

const canStart = (story: StoryRow): boolean => story.hasChangeSet;

function lead({ velocity, taken, hasRepository }: SprintPlan, stories: number, points: number): string {
  if (stories === 0) return 'No story in the backlog can start now.';
  const can = `${count(stories, 'story', 'stories')} with ${count(points, 'point')} can start.`;
  const all = points + (taken?.points ?? 0);
  const limit =
    velocity.average !== null && all > velocity.average
      ? ` With ${taken === null ? 'all of it' : 'what is in already'} that is ${count(all, 'point')}; the last sprints got ${velocity.average} done.`
      : '';
  return `${can}${limit}${hasRepository ? '' : ' Name a repository for this project first.'}`;
}

function factsOf({ velocity, taken }: SprintPlan): { label: string; value: string }[] {
  const { average, sprints } = velocity;
  const each = sprints.map(
    ({ number, donePoints, days }) => `sprint ${number}: ${count(donePoints, 'point')} in ${count(days, 'day')}`,
  );
  return [
    {
      label: 'Velocity',
      value: average === null ? 'no sprint was closed yet' : `${average} a sprint (${each.join(', ')})`,
    },
    ...(taken === null
      ? []
      : [
          {
            label: taken.isOpen ? `In sprint ${taken.number}` : `Goes on from sprint ${taken.number}`,
            value: `${count(taken.tasks, 'task')} with ${count(taken.points, 'point')}`,
          },
        ]),
  ];
}

function readyList({ conversationId, title, stories }: PlannedIdea, { titles }: SprintPlan): CardBlock {
  return {
    type: 'list',
    title,
    items: stories.filter(canStart).map((story) => {
      const after = story.dependsOn.flatMap((id) => titles.get(id) ?? []).map((name) => `“${name}”`);
      return item(story.title, {
        mark: 'open',
        detail: [count(story.points, 'point'), ...(after.length === 0 ? [] : [`after ${after.join(', ')}`])].join(
          ' · ',
        ),
        why: why(conversationId, story.evidence),
      });
    }),
  };
}

function notReady({ ideas }: SprintPlan): CardBlock[] {
  const items = ideas.flatMap(({ conversationId, stories, mayWrite }) =>
    stories
      .filter((story) => !canStart(story))
      .map((story) =>
        item(story.title, {
          detail: `${count(story.points, 'point')} · ${mayWrite ? 'no code yet; Ollan can write it' : 'no code yet'}`,
          thread: { kind: 'idea', id: conversationId },
        }),
      ),
  );
  return items.length === 0 ? [] : [{ type: 'list', title: 'Cannot start from here', items }];
}

/** The same as the button on an idea's stories: it commits what has code. */
function commits(ideas: readonly PlannedIdea[]): Card['actions'] {
  const ready = ideas.filter(({ stories }) => stories.some(canStart));
  return ready
    .slice(0, COMMIT_BUTTONS)
    .map(({ conversationId, title, stories }, index) =>
      action(
        `commit-${index + 1}`,
        ready.length === 1 ? 'Commit to sprint' : `Commit “${shortened(title)}”`,
        { type: 'commit-stories', conversationId, storyIds: stories.filter(canStart).map(({ id }) => id) },
        { style: ready.length === 1 ? 'primary' : 'plain' },
      ),
    );
}

function shortened(title: string): string {
  if (title.length <= TITLE_CHARACTERS) return title;
  const cut = title.slice(0, TITLE_CHARACTERS).toWellFormed().replaceAll('\ufffd', '');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2)).trimEnd()} …`;
}

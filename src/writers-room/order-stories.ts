import type { Priority } from '#src/inception/canvas.ts';
import {
  caroliLimits,
  sequenceFeatures,
  type SequencerCard,
  type Violation,
  type WaveLimits,
} from '#src/inception/sequence.ts';
import type { StoryDraft } from './story.ts';

/** What people called a must comes first; what nobody graded comes last. */
const rankOf: Record<Priority, number> = { must: 0, should: 1, could: 2, unstated: 3, wont: 4 };

/** Nobody has rated what a story is worth, so the rules that add up value are not asked. */
const limits: WaveLimits = { ...caroliLimits, minBusinessValue: 0, minUxValue: null };

/**
 * Puts stories into waves by the Features Sequencer: by priority, then by what depends on what, then in the order given.
 * Effort comes from the points; a story is green when its code is there and accepted, else yellow. Returns the stories in
 * the order of their waves, the waves as story keys, and the rules that they break.
 */
export function orderStories(stories: readonly StoryDraft[]): {
  stories: StoryDraft[];
  waves: string[][];
  violations: Violation[];
} {
  const byRank = [...stories].sort((one, other) => rankOf[one.priority] - rankOf[other.priority]);
  const { waves, violations } = sequenceFeatures(byRank.map(toCard), limits);
  const byKey = new Map(stories.map((story) => [story.key, story]));
  return { stories: waves.flat().flatMap((key) => byKey.get(key) ?? []), waves, violations };
}

function toCard({ key, points, dependsOn, changeSet }: StoryDraft): SequencerCard {
  return {
    key,
    effort: points <= 2 ? 1 : points <= 5 ? 2 : 3,
    businessValue: 0,
    uxValue: 0,
    confidence: changeSet?.acceptance === 'accepted' ? 'green' : 'yellow',
    dependsOn,
  };
}

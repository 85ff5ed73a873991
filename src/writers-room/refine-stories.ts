import { FactoryError } from '#src/errors.ts';
import type { Refinement } from '#src/inception/refinement.ts';
import { keyTokens, likeness } from '#src/inception/tokens.ts';
import { compileFeature } from './gherkin.ts';
import type { Criterion, StoryDraft, StoryMap } from './story.ts';

/** Two criteria this alike are one. */
const ALIKE = 0.6;

/**
 * The stories in a model's clearer words, with the criteria that it found in the conversation beside those that are
 * there. Keys, code, order and evidence stay. A criterion that does not make valid Gherkin is left out. Pure.
 */
export function refineStories(map: StoryMap, refinement: Pick<Refinement, 'stories'>): StoryMap {
  const byKey = new Map(refinement.stories.map((story) => [story.key, story]));
  return {
    ...map,
    stories: map.stories.map((draft) => {
      const story = byKey.get(draft.key);
      return story === undefined ? draft : refineStory(draft, story);
    }),
  };
}

function refineStory(draft: StoryDraft, story: Refinement['stories'][number]): StoryDraft {
  const title = story.title ?? draft.title;
  const narrative = story.narrative ?? draft.narrative;
  const criteria = [...draft.criteria];
  for (const added of story.criteria) {
    if (criteria.some((criterion) => likeness(keyTokens(criterion.text), keyTokens(added.text)) >= ALIKE)) continue;
    const criterion: Criterion = { id: `c${criteria.length + 1}`, ...added };
    if (isValid({ title, narrative, criteria: [criterion] })) criteria.push(criterion);
  }
  return { ...draft, title, narrative, criteria, gherkin: compileFeature({ title, narrative, criteria }) };
}

function isValid(parts: Parameters<typeof compileFeature>[0]): boolean {
  try {
    compileFeature(parts);
    return true;
  } catch (error) {
    if (error instanceof FactoryError && error.code === 'gherkin-invalid') return false;
    throw error;
  }
}

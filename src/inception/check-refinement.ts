import type { Conversation } from '#src/ports/conversation.ts';
import type { Refinement } from './refinement.ts';
import { keyTokens, overlap } from './tokens.ts';
import { cutAtWord } from './wording.ts';

/** More than a person reads; what comes after is refused. */
const MAX_ITEMS = 12;
const MAX_CRITERIA = 8;
const MAX_TEXT = 300;
const MAX_TITLE = 80;
/** Share of an entry's words that its messages must hold; lower than for a quote, since it is put in other words. */
const MIN_SHARED = 0.3;

export interface CheckedRefinement {
  kept: Refinement;
  /** One sentence an entry that was not taken. */
  refused: string[];
}

type Cited = { evidence: readonly number[] };

/**
 * Keeps what rests on messages that exist and speak of it; a feature or a criterion must rest on a person's own words.
 * `storyKeys`: stories that nobody has committed yet. Pure.
 */
export function checkRefinement(
  conversation: Pick<Conversation, 'messages'>,
  storyKeys: ReadonlySet<string>,
  proposed: Refinement,
): CheckedRefinement {
  const refused: string[] = [];
  const byPosition = new Map(conversation.messages.map((message) => [message.position, message]));

  const fault = (text: string, { evidence }: Cited, byPerson: boolean): string | null => {
    if (keyTokens(text).size === 0) return 'it says nothing';
    if (text.length > MAX_TEXT) return 'it is too long';
    if (evidence.length === 0) return 'it names no message';
    const missing = evidence.find((position) => !byPosition.has(position));
    if (missing !== undefined) return `message ${missing + 1} does not exist`;
    const messages = evidence.flatMap((position) => byPosition.get(position) ?? []);
    if (byPerson && !messages.some(({ role }) => role === 'person')) return 'no person said it';
    const said = keyTokens(messages.map((message) => message.text).join('\n'));
    return overlap(keyTokens(text), said) < MIN_SHARED ? 'the messages that it names do not speak of it' : null;
  };
  const keep = <Entry extends Cited>(
    entries: readonly Entry[],
    textOf: (entry: Entry) => string,
    { byPerson = false, most = MAX_ITEMS }: { byPerson?: boolean; most?: number } = {},
  ): Entry[] => {
    const kept: Entry[] = [];
    for (const entry of entries) {
      const why = kept.length === most ? 'there are too many' : fault(textOf(entry), entry, byPerson);
      if (why === null) kept.push(entry);
      else refused.push(`“${cutAtWord(textOf(entry), 80)}”: ${why}.`);
    }
    return kept;
  };
  const text = (entry: { text: string }) => entry.text;
  const stories = proposed.stories.flatMap((story) => {
    if (storyKeys.has(story.key)) return [story];
    refused.push(`A change to a story that is not in the backlog (${cutAtWord(story.key, 40)}).`);
    return [];
  });
  const kept: Refinement = {
    vision: keep(proposed.vision, ({ value }) => value),
    features: keep(proposed.features, text, { byPerson: true }),
    goals: keep(proposed.goals, text),
    constraints: keep(proposed.constraints, text),
    openQuestions: keep(proposed.openQuestions, text),
    stories: stories.map((story) => ({
      ...story,
      title: story.title === null || story.title.trim() === '' ? null : cutAtWord(story.title.trim(), MAX_TITLE),
      narrative: story.narrative === null ? null : cutAtWord(story.narrative.trim(), MAX_TEXT),
      criteria: keep(story.criteria, text, { byPerson: true, most: MAX_CRITERIA }),
    })),
  };
  return { kept, refused };
}

/** How many entries there are, for people. */
export function countEntries(refinement: Refinement): number {
  const { stories, ...lists } = refinement;
  const ofStories = stories.reduce(
    (sum, { title, narrative, criteria }) => sum + criteria.length + (title === null && narrative === null ? 0 : 1),
    0,
  );
  return Object.values(lists).reduce((sum, list) => sum + list.length, ofStories);
}

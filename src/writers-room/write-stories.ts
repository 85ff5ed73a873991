import type { Canvas, Priority } from '#src/inception/canvas.ts';
import { findUserStories } from '#src/inception/user-story.ts';
import { keyTokens, overlap } from '#src/inception/tokens.ts';
import { cleanText, cutAtWord } from '#src/inception/wording.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { Book } from './book.ts';
import { KnownPaths } from './builds-on.ts';
import type { ChangeSet, EmptiedRequest } from './change-set.ts';
import { findCriteria, findListedCriteria, mergeCriteria } from './criteria.ts';
import type { CriterionDraft } from './criterion-draft.ts';
import { compileFeature } from './gherkin.ts';
import { createKey } from './keys.ts';
import { orderStories } from './order-stories.ts';
import { estimatePoints } from './points.ts';
import { firstOf, type Seed } from './seed.ts';
import { plantSeeds } from './seeds.ts';
import type { Criterion, EpicDraft, StoryDraft, StoryMap } from './story.ts';
import { findTestNames, readableTestName } from './test-files.ts';
import { askingSentence, createTitle } from './titles.ts';

/** More than a card can carry; the rest stays in the conversation. */
const maxCriteria = 20;
/** A request with fewer criteria than this is thin: the names of the tests that came with the code help it out. */
const thinCriteria = 2;
const maxNarrativeLength = 300;

/**
 * Turns the canvas and the conversation's code into stories. Every active feature that nobody doubts becomes one, and so
 * does every change set that no feature owns; a change set belongs to exactly one story, and no story is made of what was
 * put off, taken back or is only *maybe*. A request whose code cannot be used becomes a story without a change set that says
 * why. Pure.
 */
export function writeStories(
  conversation: Conversation,
  canvas: Canvas,
  changeSets: readonly ChangeSet[],
  emptied: readonly EmptiedRequest[] = [],
): StoryMap {
  const book = new Book(conversation);
  const seeds = plantSeeds(canvas, changeSets, emptied, book);
  const epics = createEpics(conversation, seeds);
  const stories = seeds.map((seed) => writeStory(conversation, seed, epics, book));
  addDependencies(stories);
  const used = new Set(stories.map((story) => story.epicKey));
  return { epics: epics.all.filter((epic) => used.has(epic.key)), ...orderStories(stories) };
}

function createEpics(
  conversation: Conversation,
  seeds: readonly Seed[],
): { all: EpicDraft[]; of: (seed: Seed) => EpicDraft } {
  const title = cutAtWord(cleanText(conversation.title) || 'Conversation', 80);
  const whole: EpicDraft = { key: createKey('epic', conversation.id, 0, title), title };
  const counts = Map.groupBy(seeds, (seed) => personaOf(seed) ?? '');
  const personas = [...counts.keys()].filter((persona) => persona !== '');
  // One persona is no grouping: everything is hers then.
  if (personas.length < 2) return { all: [whole], of: () => whole };
  const byPersona = new Map(
    personas.map((persona) => [persona, { key: createKey('epic', conversation.id, 0, persona), title: persona }]),
  );
  return { all: [...byPersona.values(), whole], of: (seed) => byPersona.get(personaOf(seed) ?? '') ?? whole };
}

function personaOf({ feature, told }: Seed): string | null {
  return feature?.persona ?? told?.persona ?? null;
}

function priorityOf({ feature, told }: Seed): Priority {
  const own = feature?.priority ?? 'unstated';
  return own === 'unstated' ? (told?.priority ?? 'unstated') : own;
}

function writeStory(
  conversation: Conversation,
  seed: Seed,
  epics: { of: (seed: Seed) => EpicDraft },
  book: Book,
): StoryDraft {
  const asked = askingSentence(seed.requestPosition === null ? '' : book.request(seed.requestPosition));
  const paths = [...(seed.changeSet?.edits ?? []), ...seed.leftOut].map((block) => block.path);
  const said = seed.feature?.text ?? asked;
  const title = said === '' ? createTitle(`Bring in ${paths[0] ?? 'the code'}`) : createTitle(said, paths);
  const narrative = writeNarrative(seed, asked, book);
  const criteria = writeCriteria(seed, title, book).map(
    (draft, index): Criterion => ({ id: `c${index + 1}`, ...draft }),
  );
  return {
    key: createKey('story', conversation.id, firstOf(seed), seed.feature?.text ?? (asked || title)),
    epicKey: epics.of(seed).key,
    title,
    narrative,
    priority: priorityOf(seed),
    points: estimatePoints({ criteria: criteria.length, edits: seed.changeSet?.edits ?? [] }),
    criteria,
    gherkin: compileFeature({ title, narrative, criteria }),
    dependsOn: [],
    evidence: seed.evidence,
    changeSet: seed.changeSet,
    leftOut: seed.leftOut,
  };
}

/** The user story if somebody told it; else the request in the person's own words. */
function writeNarrative(seed: Seed, asked: string, book: Book): string {
  const about = keyTokens(seed.told?.text ?? seed.feature?.text ?? asked);
  for (const position of seed.evidence) {
    for (const story of findUserStories(book.turn(position)?.prose ?? '')) {
      if (overlap(keyTokens(story.want), about) < 0.6) continue;
      const reason = story.reason === null ? '' : `, so that ${story.reason}`;
      return cutAtWord(
        `As ${article(story.persona)} ${story.persona}, I want ${story.want}${reason}.`,
        maxNarrativeLength,
      );
    }
  }
  if (asked !== '' && !(seed.feature !== null && asked.endsWith('?')))
    return cutAtWord(cleanText(asked), maxNarrativeLength);
  const text = cutAtWord(seed.feature?.text ?? '', maxNarrativeLength);
  const persona = personaOf(seed);
  return persona === null ? text : `For the ${persona}: ${text}`;
}

function article(noun: string): string {
  return /^[aeiou]/i.test(noun) ? 'an' : 'a';
}

function writeCriteria(seed: Seed, title: string, book: Book): CriterionDraft[] {
  const stated: CriterionDraft[] = [];
  for (const position of seed.sources) {
    const turn = book.turn(position);
    if (turn !== undefined) stated.push(...findCriteria(book.text(position), turn.request, position));
  }
  const criteria = mergeCriteria([
    ...stated,
    ...(seed.requestPosition === null ? readFeatureMessages(seed, book) : []),
  ]);
  if (criteria.length < thinCriteria) criteria.push(...readTests(seed));
  const unique = mergeCriteria(criteria).slice(0, maxCriteria);
  if (unique.length > 0) return unique;
  const text = seed.feature?.text ?? title;
  return [{ text, given: [], when: [], then: [`people get what was asked for: ${text}`], evidence: seed.evidence }];
}

/** Of a feature's messages, those criteria that speak of it, for a message may tell of ten things; and those listed as such. */
function readFeatureMessages(seed: Seed, book: Book): CriterionDraft[] {
  const about = keyTokens(seed.feature?.text ?? '');
  return seed.evidence.flatMap((position) => {
    const turn = book.turn(position);
    if (turn === undefined || turn.role === 'assistant') return [];
    const near = findCriteria(book.text(position), turn.prose, position).filter(
      (draft) => overlap(keyTokens(draft.text), about) >= 0.5,
    );
    return [...findListedCriteria(turn.prose, position), ...near];
  });
}

function readTests(seed: Seed): CriterionDraft[] {
  const drafts: CriterionDraft[] = [];
  for (const edit of seed.changeSet?.edits ?? []) {
    if (!edit.isTest) continue;
    for (const name of findTestNames(edit.content)) {
      const text = readableTestName(name);
      drafts.push({ text, given: [], when: [], then: [text], evidence: [edit.position] });
    }
  }
  return drafts;
}

/** Two stories that touch one path, or of which one brings in a file of the other, cannot be built side by side: the later one waits. */
function addDependencies(stories: readonly StoryDraft[]): void {
  const lastToTouch = new Map<string, StoryDraft>();
  const known = new KnownPaths();
  for (const story of stories) {
    const edits = story.changeSet?.edits ?? [];
    for (const path of edits.flatMap((edit) => [edit.path, ...known.broughtInBy(edit)])) {
      const earlier = lastToTouch.get(path);
      if (earlier !== undefined && !story.dependsOn.includes(earlier.key)) story.dependsOn.push(earlier.key);
    }
    for (const { path } of edits) {
      lastToTouch.set(path, story);
      known.add(path);
    }
  }
}

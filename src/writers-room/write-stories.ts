import type { Canvas, CanvasFeature } from '#src/inception/canvas.ts';
import { findUserStories } from '#src/inception/user-story.ts';
import { keyTokens, overlap } from '#src/inception/tokens.ts';
import { cleanText, cutAtWord } from '#src/inception/wording.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { pathsBroughtIn } from './builds-on.ts';
import type { ChangeSet } from './change-set.ts';
import { type CriterionDraft, findCriteria, mergeCriteria } from './criteria.ts';
import { compileFeature } from './gherkin.ts';
import { createKey } from './keys.ts';
import { estimatePoints } from './points.ts';
import { readTurns, type Turn } from './requests.ts';
import type { Criterion, EpicDraft, StoryDraft, StoryMap } from './story.ts';
import { findTestNames, readableTestName } from './test-files.ts';
import { askingSentence, createTitle } from './titles.ts';

/** More than a card can carry; the rest stays in the conversation. */
const maxCriteria = 20;
/** A request with fewer criteria than this is thin: the names of the tests that came with the code help it out. */
const thinCriteria = 2;
const maxNarrativeLength = 300;

/** A story while it is being put together. */
interface Seed {
  feature: CanvasFeature | null;
  changeSet: ChangeSet | null;
  /** Messages whose words its criteria are taken from. */
  sources: number[];
  evidence: number[];
}

/**
 * Turns the canvas and the conversation's code into stories. Every active feature that nobody doubts becomes one, and so
 * does every change set that no feature owns; a change set belongs to exactly one story, and no story is made of what was
 * put off, taken back or is only *maybe*. Pure.
 */
export function writeStories(conversation: Conversation, canvas: Canvas, changeSets: readonly ChangeSet[]): StoryMap {
  const book = new Book(conversation);
  const seeds = plantSeeds(canvas, changeSets, book);
  const epics = createEpics(conversation, seeds);
  const stories = seeds.map((seed) => writeStory(conversation, seed, epics, book));
  addDependencies(stories);
  const used = new Set(stories.map((story) => story.epicKey));
  return { epics: epics.all.filter((epic) => used.has(epic.key)), stories };
}

/** The conversation by position. */
class Book {
  readonly turns: Turn[];
  #turnAt = new Map<number, Turn>();
  #textAt = new Map<number, string>();

  constructor(conversation: Conversation) {
    this.turns = readTurns(conversation);
    for (const turn of this.turns) this.#turnAt.set(turn.position, turn);
    for (const message of conversation.messages) this.#textAt.set(message.position, message.text);
  }

  turn(position: number): Turn | undefined {
    return this.#turnAt.get(position);
  }

  text(position: number): string {
    return this.#textAt.get(position) ?? '';
  }

  /** Messages of people that refine a change set: they ask, and the next code that came belongs to that set. */
  refinements(changeSets: readonly ChangeSet[]): Map<ChangeSet, number[]> {
    const answers = new Map<number, ChangeSet>();
    for (const set of changeSets) for (const edit of set.edits) answers.set(edit.position, set);
    for (const set of changeSets)
      for (const block of set.leftOut) if (!answers.has(block.position)) answers.set(block.position, set);
    const kept = new Set(changeSets.flatMap((set) => set.edits.map((edit) => edit.position)));
    const requests = new Set(changeSets.map((set) => set.requestPosition));
    const found = new Map<ChangeSet, number[]>(changeSets.map((set) => [set, []]));
    let waiting: number[] = [];
    for (const turn of this.turns) {
      const set = answers.get(turn.position);
      if (set !== undefined) {
        // What was asked for in a version that people turned down is no criterion.
        if (kept.has(turn.position))
          found.get(set)?.push(...waiting.filter((position) => position > set.requestPosition));
        waiting = [];
      }
      const reacts = turn.reading.reaction === 'complains' || turn.reading.reaction === 'declines';
      if (turn.role === 'person' && (turn.asks || reacts) && !requests.has(turn.position)) waiting.push(turn.position);
    }
    return found;
  }
}

function plantSeeds(canvas: Canvas, changeSets: readonly ChangeSet[], book: Book): Seed[] {
  const refinements = book.refinements(changeSets);
  const free = new Set(canvas.features);
  const seeds: Seed[] = [];
  for (const set of changeSets) {
    const about = canvas.features.filter((feature) => feature.evidence.includes(set.requestPosition));
    if (about.length > 0 && about.every((feature) => feature.status !== 'active')) continue;
    const messages = [set.requestPosition, ...(refinements.get(set) ?? [])].filter((position) => position >= 0);
    const owner = chooseOwner(
      about.filter((feature) => free.has(feature) && isSure(feature)),
      set,
      book,
    );
    if (owner !== null) free.delete(owner);
    // What this request and its corrections said first is part of this story, not another one.
    for (const feature of free)
      if (feature.evidence[0] !== undefined && messages.includes(feature.evidence[0])) free.delete(feature);
    const evidence = [
      ...new Set([...messages, ...(owner?.evidence ?? []), ...(set.acceptedBy === null ? [] : [set.acceptedBy])]),
    ];
    seeds.push({ feature: owner, changeSet: set, sources: messages, evidence: evidence.sort(ascending) });
  }
  for (const feature of canvas.features) {
    if (free.has(feature) && isSure(feature)) {
      seeds.push({ feature, changeSet: null, sources: [], evidence: [...feature.evidence].sort(ascending) });
    }
  }
  return seeds.sort((one, other) => firstOf(one) - firstOf(other));
}

function isSure(feature: CanvasFeature): boolean {
  return feature.status === 'active' && !feature.maybe && feature.priority !== 'wont';
}

function firstOf(seed: Seed): number {
  return seed.changeSet?.requestPosition ?? seed.evidence[0] ?? 0;
}

function ascending(left: number, right: number): number {
  return left - right;
}

/** Of several features in one message, the one whose words are nearest to the request and the file names. */
function chooseOwner(features: readonly CanvasFeature[], set: ChangeSet, book: Book): CanvasFeature | null {
  const about = keyTokens(
    `${askingSentence(book.turn(set.requestPosition)?.request ?? '')} ${set.edits.map((edit) => edit.path).join(' ')}`,
  );
  let best: CanvasFeature | null = null;
  let bestShare = -1;
  for (const feature of features) {
    // A feature that began with this request goes before one that is only spoken of in it.
    const share = overlap(keyTokens(feature.text), about) + (feature.evidence[0] === set.requestPosition ? 1 : 0);
    if (share > bestShare) [best, bestShare] = [feature, share];
  }
  return best;
}

function createEpics(
  conversation: Conversation,
  seeds: readonly Seed[],
): { all: EpicDraft[]; of: (seed: Seed) => EpicDraft } {
  const title = cutAtWord(cleanText(conversation.title) || 'Conversation', 80);
  const whole: EpicDraft = { key: createKey('epic', conversation.id, 0, title), title };
  const counts = Map.groupBy(seeds, (seed) => seed.feature?.persona ?? '');
  const personas = [...counts.keys()].filter((persona) => persona !== '');
  // One persona is no grouping: everything is hers then.
  if (personas.length < 2) return { all: [whole], of: () => whole };
  const byPersona = new Map(
    personas.map((persona) => [persona, { key: createKey('epic', conversation.id, 0, persona), title: persona }]),
  );
  return { all: [...byPersona.values(), whole], of: (seed) => byPersona.get(seed.feature?.persona ?? '') ?? whole };
}

function writeStory(
  conversation: Conversation,
  seed: Seed,
  epics: { of: (seed: Seed) => EpicDraft },
  book: Book,
): StoryDraft {
  const request = seed.changeSet === null ? '' : (book.turn(seed.changeSet.requestPosition)?.request ?? '');
  const asked = askingSentence(request);
  const title = createTitle(
    seed.feature?.text ?? (asked || `Bring in ${seed.changeSet?.edits[0]?.path ?? 'the code'}`),
  );
  const narrative = writeNarrative(seed, asked, book);
  const criteria = writeCriteria(seed, title, book).map(
    (draft, index): Criterion => ({ id: `c${index + 1}`, ...draft }),
  );
  const first = seed.changeSet?.requestPosition ?? seed.evidence[0] ?? 0;
  return {
    key: createKey('story', conversation.id, first, seed.feature?.text ?? (asked || title)),
    epicKey: epics.of(seed).key,
    title,
    narrative,
    priority: seed.feature?.priority ?? 'unstated',
    points: estimatePoints({ criteria: criteria.length, edits: seed.changeSet?.edits ?? [] }),
    criteria,
    gherkin: compileFeature({ title, narrative, criteria }),
    dependsOn: [],
    evidence: seed.evidence,
    changeSet: seed.changeSet,
  };
}

/** The user story if somebody told it; else the request in the person's own words. */
function writeNarrative(seed: Seed, asked: string, book: Book): string {
  const about = keyTokens(seed.feature?.text ?? asked);
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
  return seed.feature?.persona ? `For the ${seed.feature.persona}: ${text}` : text;
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
  const criteria = mergeCriteria([...stated, ...(seed.changeSet === null ? readFeatureMessages(seed, book) : [])]);
  if (criteria.length < thinCriteria) criteria.push(...readTests(seed));
  const unique = mergeCriteria(criteria).slice(0, maxCriteria);
  if (unique.length > 0) return unique;
  const text = seed.feature?.text ?? title;
  return [{ text, given: [], when: [], then: [`people get what was asked for: ${text}`], evidence: seed.evidence }];
}

/** Of a feature's messages, only those criteria that speak of it: a message may tell of ten things. */
function readFeatureMessages(seed: Seed, book: Book): CriterionDraft[] {
  const about = keyTokens(seed.feature?.text ?? '');
  return seed.evidence.flatMap((position) => {
    const turn = book.turn(position);
    if (turn === undefined || turn.role === 'assistant') return [];
    return findCriteria(book.text(position), turn.prose, position).filter(
      (draft) => overlap(keyTokens(draft.text), about) >= 0.5,
    );
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

/** Two stories that touch one path cannot be built side by side: the later one waits for the one before it. */
function addDependencies(stories: readonly StoryDraft[]): void {
  const lastToTouch = new Map<string, StoryDraft>();
  for (const story of stories) {
    const edits = story.changeSet?.edits ?? [];
    const earlierPaths = new Set(lastToTouch.keys());
    for (const path of edits.flatMap((edit) => [edit.path, ...pathsBroughtIn(edit, earlierPaths)])) {
      const earlier = lastToTouch.get(path);
      if (earlier !== undefined && !story.dependsOn.includes(earlier.key)) story.dependsOn.push(earlier.key);
    }
    for (const edit of edits) lastToTouch.set(edit.path, story);
  }
}

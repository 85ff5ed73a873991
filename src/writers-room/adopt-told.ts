import type { CanvasFeature } from '#src/inception/canvas.ts';
import { keyTokens, overlap } from '#src/inception/tokens.ts';
import { findUserStories } from '#src/inception/user-story.ts';
import type { Book } from './book.ts';
import { inOrder, type Seed } from './seed.ts';
import { askingSentence } from './titles.ts';

/** A request this many messages after the telling still follows up on it. */
const reach = 6;
/** This much of the told words in the request is the same topic, whatever else is open. */
const sameTopicAt = 0.5;

/**
 * Gives a told feature to the request for code that follows up on it, so that both are one story: "As an editor I want a
 * clean address for every title", and then "Write slugify(title) …". Only the first request after the telling can be
 * meant, and only when they share their topic, or nothing else is open and they share a word. Unsure: they stay apart.
 */
export function adoptTold(seeds: readonly Seed[], open: readonly CanvasFeature[], book: Book): void {
  const requests = seeds
    .filter((seed) => seed.requestPosition !== null && seed.requestPosition >= 0)
    .sort((one, other) => (one.requestPosition ?? 0) - (other.requestPosition ?? 0));
  const isTold = (feature: CanvasFeature) => readTold(feature, book);
  for (const feature of open) {
    const at = feature.evidence[0] ?? -1;
    const seed = requests.find((request) => (request.requestPosition ?? -1) > at);
    if (seed === undefined || seed.told !== null || at < 0) continue;
    if (seed.feature !== null && isTold(seed.feature)) continue;
    const isAlone = open.every((other) => other === feature || (other.evidence[0] ?? -1) > (seed.requestPosition ?? 0));
    const isNear = (seed.requestPosition ?? 0) - at <= reach;
    if (seed.feature === null && isNear && (isAlone ? pointsBack(seed, book) : isHandedOver(feature, seed, open, book)))
      seed.feature = feature;
    else if (isTold(feature) && followsUp(feature, seed, { isAlone: isAlone && isNear, requests, book }))
      seed.told = feature;
    else continue;
    seed.evidence = inOrder([...seed.evidence, ...feature.evidence]);
  }
}

function readTold(feature: CanvasFeature, book: Book): boolean {
  const told = keyTokens(feature.text);
  return findUserStories(book.turn(feature.evidence[0] ?? -1)?.prose ?? '').some(
    (story) => overlap(keyTokens(story.want), told) >= 0.6,
  );
}

/** "Great, please write it": a request that says of what only by pointing at what was said before. */
function pointsBack(seed: Seed, book: Book): boolean {
  return keyTokens(askingSentence(book.request(seed.requestPosition ?? -1))).size <= 1;
}

/** "Here is the change as a diff" answers what was told last before it. */
function isHandedOver(feature: CanvasFeature, seed: Seed, open: readonly CanvasFeature[], book: Book): boolean {
  const at = seed.requestPosition ?? -1;
  if (askingSentence(book.request(at)) !== '') return false;
  const before = open.map((other) => other.evidence[0] ?? -1).filter((position) => position < at);
  const last = Math.max(...before);
  return feature.evidence[0] === last && before.filter((position) => position === last).length === 1;
}

function followsUp(
  feature: CanvasFeature,
  seed: Seed,
  { isAlone, requests, book }: { isAlone: boolean; requests: readonly Seed[]; book: Book },
): boolean {
  const told = keyTokens(feature.text);
  const shared = countShared(told, topicOf(seed, book));
  // Another request that says more of it is the one that is meant, or nobody can tell.
  if (requests.some((other) => other !== seed && countShared(told, topicOf(other, book)) > shared)) return false;
  if (shared >= 2 && shared / told.size >= sameTopicAt) return true;
  if (!isAlone) return false;
  const around = keyTokens(book.turn(feature.evidence[0] ?? -1)?.prose ?? '');
  return shared >= 1 || countShared(around, topicOf(seed, book)) >= 2;
}

function topicOf(seed: Seed, book: Book): Set<string> {
  const paths = seed.changeSet?.edits.map((edit) => edit.path) ?? [];
  return keyTokens(`${book.request(seed.requestPosition ?? -1)} ${paths.join(' ')}`);
}

function countShared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0;
  for (const token of left) if (right.has(token)) shared += 1;
  return shared;
}

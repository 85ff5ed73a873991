import type { Canvas, CanvasFeature } from '#src/inception/canvas.ts';
import { keyTokens, overlap } from '#src/inception/tokens.ts';
import { adoptTold } from './adopt-told.ts';
import type { Answered, Book } from './book.ts';
import type { ChangeSet, EmptiedRequest } from './change-set.ts';
import { firstOf, inOrder, type Seed } from './seed.ts';
import { askingSentence } from './titles.ts';

/**
 * One seed for each request that was answered with code, and one for each active feature that nobody doubts and no request
 * owns. In the order in which they were first spoken of.
 */
export function plantSeeds(
  canvas: Canvas,
  changeSets: readonly ChangeSet[],
  emptied: readonly EmptiedRequest[],
  book: Book,
): Seed[] {
  const answered = [...changeSets.map(fromChangeSet), ...emptied.map(fromEmptied)];
  const refinements = book.refinements(answered);
  const free = new Set(canvas.features);
  const seeds: Seed[] = [];
  for (const part of answered) {
    const { requestPosition, changeSet, leftOut } = part;
    const about = canvas.features.filter((feature) => feature.evidence.includes(requestPosition));
    if (about.length > 0 && about.every((feature) => feature.status !== 'active')) continue;
    const messages = [requestPosition, ...(refinements.get(part) ?? [])].filter((position) => position >= 0);
    const owner = chooseOwner(
      about.filter((feature) => free.has(feature) && isSure(feature)),
      part,
      book,
    );
    if (owner === null && !part.wanted) continue;
    if (owner !== null) free.delete(owner);
    // What this request and its corrections said first is part of this story, not another one.
    for (const feature of free)
      if (feature.evidence[0] !== undefined && messages.includes(feature.evidence[0])) free.delete(feature);
    const acceptedBy = changeSet?.acceptedBy ?? null;
    const evidence = [...messages, ...(owner?.evidence ?? []), ...(acceptedBy === null ? [] : [acceptedBy])];
    seeds.push({
      feature: owner,
      told: null,
      changeSet,
      leftOut,
      requestPosition,
      sources: messages,
      evidence: inOrder(evidence),
    });
  }
  adoptTold(seeds, [...free].filter(isSure), book);
  const owned = new Set(seeds.flatMap((seed) => [seed.feature, seed.told]));
  for (const feature of free) {
    if (!isSure(feature) || owned.has(feature)) continue;
    seeds.push({
      feature,
      told: null,
      changeSet: null,
      leftOut: [],
      requestPosition: null,
      sources: [],
      evidence: inOrder(feature.evidence),
    });
  }
  return seeds.sort((one, other) => firstOf(one) - firstOf(other));
}

function fromChangeSet(changeSet: ChangeSet): Answered {
  const { requestPosition, leftOut, edits } = changeSet;
  return { requestPosition, changeSet, leftOut, used: edits.map((edit) => edit.position), wanted: true };
}

function fromEmptied({ requestPosition, leftOut, wanted }: EmptiedRequest): Answered {
  return {
    requestPosition,
    changeSet: null,
    leftOut,
    used: wanted ? leftOut.map((block) => block.position) : [],
    wanted,
  };
}

function isSure(feature: CanvasFeature): boolean {
  return feature.status === 'active' && !feature.maybe && feature.priority !== 'wont';
}

/** Of several features in one message, the one whose words are nearest to the request and the file names. */
function chooseOwner(features: readonly CanvasFeature[], part: Answered, book: Book): CanvasFeature | null {
  const paths = [...(part.changeSet?.edits ?? []), ...part.leftOut].map((block) => block.path);
  const about = keyTokens(`${askingSentence(book.request(part.requestPosition))} ${paths.join(' ')}`);
  let best: CanvasFeature | null = null;
  let bestShare = -1;
  for (const feature of features) {
    // A feature that began with this request goes before one that is only spoken of in it.
    const share = overlap(keyTokens(feature.text), about) + (feature.evidence[0] === part.requestPosition ? 1 : 0);
    if (share > bestShare) [best, bestShare] = [feature, share];
  }
  return best;
}

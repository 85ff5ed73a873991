import { createHash } from 'node:crypto';
import type { CanvasFeature, Priority } from './canvas.ts';
import { keyTokens, likeness, normalise, overlap } from './tokens.ts';

/** What makes the better title when two say the same. */
export const rank = { talk: 1, quoted: 2, request: 3, bullet: 4, story: 5 };

/** A feature as somebody put it, before it is compared with the others. */
export interface Candidate {
  text: string;
  persona: string | null;
  priority: Priority;
  basis: 'stated' | 'inferred';
  inMvp: boolean | null;
  evidence: number[];
  maybe: boolean;
  /** How good the wording is as a title: a user story or a bullet beats a sentence out of the talk. */
  rank: number;
}

/** A candidate that was kept, and what it is recognised by. */
export interface Entry {
  feature: Omit<CanvasFeature, 'key'>;
  tokens: Set<string>;
  /** Functions and files that it names. */
  names: Set<string>;
  rank: number;
  /** Its place in the book. */
  index: number;
  /** How it was first put: what its key is made from, so that a better wording later changes nothing. */
  firstText: string;
  /** The message that spoke of it last. */
  lastPosition: number;
}

/** Two texts this alike (shared over all key words) are one feature. */
const alikeAt = 0.5;
/** Or this much of the shorter one in the longer one, if there are at least two key words. */
const containedAt = 0.8;
/** A withdrawn feature draws in what merely resembles it: reporting a removed thing as active is the worst error. */
const withdrawnContainedAt = 0.6;
/** A word in more features than this tells nothing about which one is meant; it also keeps the search short. */
const tooCommon = 60;

/** The features of one conversation, each once. */
export class FeatureBook {
  readonly entries: Entry[] = [];
  #byToken = new Map<string, number[]>();

  add(candidate: Candidate): Entry | null {
    const tokens = keyTokens(candidate.text);
    if (tokens.size === 0) return null;
    const names = codeNames(candidate.text);
    const same = this.#findSame(tokens, names);
    const entry = same === null ? this.#insert(candidate, tokens, names) : this.#merge(same, candidate, tokens);
    entry.lastPosition = Math.max(entry.lastPosition, ...candidate.evidence);
    return entry;
  }

  /** Entries that share words with these, most alike first. */
  near(tokens: ReadonlySet<string>): Entry[] {
    const counts = new Map<number, number>();
    for (const token of tokens) {
      const holders = this.#byToken.get(token) ?? [];
      for (const index of holders.slice(-tooCommon)) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    return [...counts.entries()]
      .sort((one, other) => other[1] - one[1] || other[0] - one[0])
      .slice(0, 30)
      .flatMap(([index]) => this.entries[index] ?? []);
  }

  #findSame(tokens: ReadonlySet<string>, names: ReadonlySet<string>): Entry | null {
    let best: Entry | null = null;
    let bestScore = 0;
    for (const entry of this.near(tokens)) {
      // Two functions with names of their own are two features, however alike the sentences around them are.
      if (names.size > 0 && entry.names.size > 0 && ![...names].some((name) => entry.names.has(name))) continue;
      const score = likeness(entry.tokens, tokens);
      const contained = overlap(entry.tokens, tokens);
      const smaller = Math.min(entry.tokens.size, tokens.size);
      const withdrawn = entry.feature.status !== 'active';
      const same =
        score >= alikeAt ||
        (smaller >= 2 && contained >= containedAt) ||
        (withdrawn && contained >= withdrawnContainedAt);
      if (same && score > bestScore) [best, bestScore] = [entry, score];
    }
    return best;
  }

  #insert(candidate: Candidate, tokens: Set<string>, names: Set<string>): Entry {
    const { rank, ...rest } = candidate;
    const entry: Entry = {
      feature: { ...rest, evidence: [...rest.evidence], status: 'active', withdrawnBy: null },
      tokens,
      names,
      rank,
      index: this.entries.length,
      firstText: candidate.text,
      lastPosition: candidate.evidence.at(-1) ?? 0,
    };
    this.entries.push(entry);
    this.#index(entry.index, tokens);
    return entry;
  }

  #index(index: number, tokens: ReadonlySet<string>): void {
    for (const token of tokens) {
      const holders = this.#byToken.get(token);
      if (holders === undefined) this.#byToken.set(token, [index]);
      else if (!holders.slice(-tooCommon).includes(index)) holders.push(index);
    }
  }

  #merge(entry: Entry, candidate: Candidate, tokens: Set<string>): Entry {
    const { feature } = entry;
    for (const position of candidate.evidence) addEvidence(feature, position);
    if (candidate.rank > entry.rank && feature.status === 'active') {
      feature.text = candidate.text;
      entry.rank = candidate.rank;
      entry.tokens = new Set([...entry.tokens, ...tokens].slice(0, 24));
      this.#index(entry.index, entry.tokens);
    }
    feature.persona ??= candidate.persona;
    if (feature.priority === 'unstated') feature.priority = candidate.priority;
    feature.inMvp = candidate.inMvp ?? feature.inMvp;
    if (!candidate.maybe) {
      feature.maybe = false;
      if (candidate.basis === 'stated') feature.basis = 'stated';
    }
    return entry;
  }

  /** The features with their keys: made from the first message and the words, so that the next version finds them again. */
  finish(conversationId: string): CanvasFeature[] {
    const taken = new Set<string>();
    return this.entries.map(({ feature, firstText }) => {
      const plain = createFeatureKey(conversationId, feature.evidence[0] ?? -1, firstText);
      let key = plain;
      for (let copy = 2; taken.has(key); copy += 1) key = `${plain}-${copy}`;
      taken.add(key);
      return { key, ...feature };
    });
  }
}

function codeNames(text: string): Set<string> {
  return new Set(
    [
      ...text.matchAll(
        /`([^`\s]{2,60})`|\b([A-Za-z_$][\w$.]*)\(|\b([\w/-]+\.(?:[cm]?[jt]sx?|py|go|rb|md|json|ya?ml|css|html))\b/g,
      ),
    ].map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/\(.*$/, '').toLowerCase()),
  );
}

export function addEvidence(feature: { evidence: number[] }, position: number): void {
  if (feature.evidence.includes(position)) return;
  feature.evidence.push(position);
  feature.evidence.sort((left, right) => left - right);
}

function createFeatureKey(conversationId: string, position: number, text: string): string {
  const parts = JSON.stringify([conversationId, position, normalise(text)]);
  return `feature-${createHash('sha256').update(parts).digest('hex').slice(0, 12)}`;
}

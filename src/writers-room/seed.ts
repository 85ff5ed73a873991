import type { CanvasFeature } from '#src/inception/canvas.ts';
import type { ChangeSet, LeftOut } from './change-set.ts';

/** A story while it is being put together. */
export interface Seed {
  feature: CanvasFeature | null;
  /** The user story that its request follows up on; null for none. */
  told: CanvasFeature | null;
  changeSet: ChangeSet | null;
  leftOut: LeftOut[];
  /** null: nobody asked for code. */
  requestPosition: number | null;
  /** Messages whose words its criteria are taken from. */
  sources: number[];
  evidence: number[];
}

/** The message that a story begins with. */
export function firstOf(seed: Seed): number {
  return seed.requestPosition ?? seed.evidence[0] ?? 0;
}

export function inOrder(positions: readonly number[]): number[] {
  return [...new Set(positions)].sort((left, right) => left - right);
}

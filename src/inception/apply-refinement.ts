import { createHash } from 'node:crypto';
import { visionSlots } from './canvas.ts';
import type { Canvas, CanvasFeature, CanvasItem } from './canvas.ts';
import { slotQuestions } from './questions.ts';
import type { Refinement } from './refinement.ts';
import { keyTokens, likeness, normalise, overlap } from './tokens.ts';

/** Two texts this alike say the same (shared over all key words), or one is as good as held by the other. */
const ALIKE = 0.5;
const HELD = 0.8;

/**
 * The canvas with what a model added: empty vision slots, items that are not there yet, and features that fold under
 * *maybe* until a person keeps them. Nothing of what the rules found changes, and nothing that people took back returns.
 * Pure.
 */
export function applyRefinement(canvas: Canvas, refinement: Refinement): Canvas {
  const vision = { ...canvas.vision };
  for (const { slot, value, evidence } of refinement.vision) {
    if (vision[slot].value === null) vision[slot] = { value, basis: 'inferred', evidence };
  }
  // A slot that is filled is not asked for any more.
  const answered = new Set(
    visionSlots.filter((slot) => vision[slot].value !== null).map((slot) => slotQuestions[slot]),
  );
  const openQuestions = canvas.openQuestions.filter(({ text }) => !answered.has(text));
  const features = [...canvas.features];
  for (const { text, persona, evidence } of refinement.features) {
    if (features.some((feature) => sayTheSame(feature.text, text))) continue;
    features.push(unsure(canvas.conversationId, text, persona, evidence));
  }
  return {
    ...canvas,
    vision,
    features,
    goals: withNew(canvas.goals, refinement.goals),
    constraints: withNew(canvas.constraints, refinement.constraints),
    openQuestions: withNew(openQuestions, refinement.openQuestions),
  };
}

function withNew(items: readonly CanvasItem[], added: readonly CanvasItem[]): CanvasItem[] {
  const all = [...items];
  for (const item of added) if (!all.some(({ text }) => sayTheSame(text, item.text))) all.push(item);
  return all;
}

function unsure(conversationId: string, text: string, persona: string | null, evidence: number[]): CanvasFeature {
  const hash = createHash('sha256')
    .update(JSON.stringify([conversationId, normalise(text)]))
    .digest('hex');
  return {
    key: `added-${hash.slice(0, 12)}`,
    text,
    persona,
    priority: 'unstated',
    basis: 'inferred',
    status: 'active',
    inMvp: null,
    evidence,
    maybe: true,
    withdrawnBy: null,
  };
}

export function sayTheSame(left: string, right: string): boolean {
  const [a, b] = [keyTokens(left), keyTokens(right)];
  return likeness(a, b) >= ALIKE || (Math.min(a.size, b.size) > 1 && overlap(a, b) >= HELD);
}

/** A feature on its way through the Features Sequencer (Caroli, Lean Inception; "The sequencer"). */
export interface SequencerCard {
  key: string;
  /** 1 to 3 (E to EEE). */
  effort: number;
  /** 1 to 3 ($ to $$$). */
  businessValue: number;
  /** 1 to 3 (♥ to ♥♥♥). */
  uxValue: number;
  confidence: Confidence;
  /** Keys of cards that have to be there first; keys of no card are ignored. */
  dependsOn: readonly string[];
}

export type Confidence = 'green' | 'yellow' | 'red';
export type ConfidenceLevel = 'high' | 'medium' | 'low';

/**
 * How sure people are of HOW (technical) and WHAT (business and use). The sources give both high = green and both low = red
 * and no table for the rest; by default any low is red, else any medium is yellow.
 */
export function confidenceOf(how: ConfidenceLevel, what: ConfidenceLevel): Confidence {
  if (how === 'low' || what === 'low') return 'red';
  return how === 'medium' || what === 'medium' ? 'yellow' : 'green';
}

/** Limits of one wave. null: this rule set has no such rule. Teams break them on purpose, so breaking one only gets a mark. */
export interface WaveLimits {
  maxCards: number;
  maxReds: number | null;
  /** Three cards that are all yellow or red may not share a wave. */
  refusesThreeUnsure: boolean;
  needsGreen: boolean;
  maxEffort: number;
  minBusinessValue: number;
  minUxValue: number | null;
  dependenciesInEarlierWave: boolean;
}

/** The current book. */
export const caroliLimits: WaveLimits = {
  maxCards: 3,
  maxReds: 1,
  refusesThreeUnsure: true,
  needsGreen: false,
  maxEffort: 5,
  minBusinessValue: 4,
  minUxValue: 4,
  dependenciesInEarlierWave: true,
};

/** The older text on martinfowler.com: at least one green, no hearts rule, no dependency rule. */
export const fowlerLimits: WaveLimits = {
  maxCards: 3,
  maxReds: 1,
  refusesThreeUnsure: true,
  needsGreen: true,
  maxEffort: 5,
  minBusinessValue: 4,
  minUxValue: null,
  dependenciesInEarlierWave: false,
};

export type SequencerRule =
  | 'max-cards'
  | 'max-reds'
  | 'three-unsure'
  | 'needs-green'
  | 'max-effort'
  | 'min-business-value'
  | 'min-ux-value'
  | 'dependency';

export interface Violation {
  rule: SequencerRule;
  /** From 1, as people count waves. */
  wave: number;
  text: string;
}

/**
 * Puts cards into waves, first come first served, each wave as full as the limits allow; and says which rules the result
 * breaks. It never blocks: a card that fits nowhere gets a wave of its own. Same cards, same waves.
 */
export function sequenceFeatures(
  cards: readonly SequencerCard[],
  limits: WaveLimits = caroliLimits,
): { waves: string[][]; violations: Violation[] } {
  const byKey = new Map(cards.map((card) => [card.key, card]));
  const waves: SequencerCard[][] = [];
  const placed = new Map<string, number>();
  const waiting = new Set(byKey.values());
  while (waiting.size > 0) {
    const wave: SequencerCard[] = [];
    const ready = takeReady(waiting, byKey, placed);
    // A circle of dependencies has no first card; the first in line breaks it, and the rule marks it.
    for (const card of ready.length > 0 ? ready : [...waiting].slice(0, 1))
      if (wave.length === 0 || fits([...wave, card], limits)) wave.push(card);
    for (const card of wave) {
      placed.set(card.key, waves.length);
      waiting.delete(card);
    }
    waves.push(wave);
  }
  return { waves: waves.map((wave) => wave.map((card) => card.key)), violations: checkWaves(waves, limits) };
}

/** Cards further back than this wait for a later wave: it keeps a long line from being searched again for every wave. */
const lookAhead = 60;

function takeReady(
  waiting: ReadonlySet<SequencerCard>,
  byKey: ReadonlyMap<string, SequencerCard>,
  placed: ReadonlyMap<string, number>,
): SequencerCard[] {
  const ready: SequencerCard[] = [];
  for (const card of waiting) {
    if (isReady(card, byKey, placed)) ready.push(card);
    if (ready.length === lookAhead) break;
  }
  return ready;
}

function isReady(
  card: SequencerCard,
  byKey: ReadonlyMap<string, SequencerCard>,
  placed: ReadonlyMap<string, number>,
): boolean {
  return card.dependsOn.every((key) => !byKey.has(key) || key === card.key || placed.has(key));
}

/** Whether a wave stays within every upper limit. Lower limits (value) show only when it is full. */
function fits(wave: readonly SequencerCard[], limits: WaveLimits): boolean {
  return checkWave(wave, 1, limits).every(
    (violation) => violation.rule.startsWith('min-') || violation.rule === 'needs-green',
  );
}

/** Which rules given waves break, wave by wave. Also for an order that people made by hand. */
export function checkWaves(
  waves: readonly (readonly SequencerCard[])[],
  limits: WaveLimits = caroliLimits,
): Violation[] {
  const violations: Violation[] = [];
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map((card) => [card.key, index] as const)));
  for (const [index, wave] of waves.entries()) {
    violations.push(...checkWave(wave, index + 1, limits));
    if (!limits.dependenciesInEarlierWave) continue;
    for (const card of wave) {
      for (const key of card.dependsOn) {
        const other = waveOf.get(key);
        if (other !== undefined && other >= index)
          violations.push({
            rule: 'dependency',
            wave: index + 1,
            text: `${card.key} needs ${key}, which is not in an earlier wave.`,
          });
      }
    }
  }
  return violations;
}

function checkWave(wave: readonly SequencerCard[], number: number, limits: WaveLimits): Violation[] {
  const found: Violation[] = [];
  const mark = (broken: boolean, rule: SequencerRule, text: string) => {
    if (broken) found.push({ rule, wave: number, text });
  };
  const count = (confidence: Confidence) => wave.filter((card) => card.confidence === confidence).length;
  const sum = (value: (card: SequencerCard) => number) => wave.reduce((total, card) => total + value(card), 0);
  const effort = sum((card) => card.effort);
  const business = sum((card) => card.businessValue);
  const ux = sum((card) => card.uxValue);
  mark(wave.length > limits.maxCards, 'max-cards', `${wave.length} cards, at most ${limits.maxCards}.`);
  mark(
    limits.maxReds !== null && count('red') > limits.maxReds,
    'max-reds',
    `${count('red')} red cards, at most ${limits.maxReds}.`,
  );
  mark(
    limits.refusesThreeUnsure && wave.length >= 3 && count('green') === 0,
    'three-unsure',
    'Three cards and none of them green.',
  );
  mark(limits.needsGreen && count('green') === 0, 'needs-green', 'No green card.');
  mark(effort > limits.maxEffort, 'max-effort', `Effort ${effort}, at most ${limits.maxEffort}.`);
  mark(
    business < limits.minBusinessValue,
    'min-business-value',
    `Business value ${business}, at least ${limits.minBusinessValue}.`,
  );
  mark(
    limits.minUxValue !== null && ux < limits.minUxValue,
    'min-ux-value',
    `Value for people ${ux}, at least ${limits.minUxValue}.`,
  );
  return found;
}

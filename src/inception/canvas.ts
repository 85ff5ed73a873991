/**
 * A Lean Inception canvas as plain data. Structure: martinfowler.com/articles/lean-inception and caroli.org.
 * Evidence = positions of the messages that support an item (see ConversationMessage.position).
 */
export interface Canvas {
  conversationId: string;
  vision: Record<VisionSlot, VisionValue>;
  isIsNotDoesDoesNot: { is: CanvasItem[]; isNot: CanvasItem[]; does: CanvasItem[]; doesNot: CanvasItem[] };
  goals: CanvasItem[];
  personas: CanvasPersona[];
  features: CanvasFeature[];
  constraints: CanvasItem[];
  openQuestions: CanvasItem[];
}

/** Slots of the vision sentence: For <finalClient> whose <problem>, the <productName> is a <category> that <keyBenefit>. Different from <alternative>, our product <keyDifference>. */
export const visionSlots = [
  'finalClient',
  'problem',
  'productName',
  'category',
  'keyBenefit',
  'alternative',
  'keyDifference',
] as const;
export type VisionSlot = (typeof visionSlots)[number];

/** An extractor leaves a slot empty and asks rather than guess. */
export interface VisionValue {
  value: string | null;
  basis: 'stated' | 'inferred' | 'absent';
  evidence: number[];
}

export interface CanvasItem {
  text: string;
  evidence: number[];
}

export interface CanvasPersona {
  name: string;
  needs: string[];
  evidence: number[];
}

export const priorities = ['must', 'should', 'could', 'wont', 'unstated'] as const;
export type Priority = (typeof priorities)[number];

export interface CanvasFeature {
  /** Stable across canvas versions of one conversation while the feature is recognisably the same. */
  key: string;
  text: string;
  persona: string | null;
  priority: Priority;
  basis: 'stated' | 'inferred';
  status: 'active' | 'deferred' | 'removed';
  /** null: nobody said. */
  inMvp: boolean | null;
  evidence: number[];
  /** Folds under *maybe*: shown, never made a story unless a person keeps it. */
  maybe: boolean;
  /** The message that withdrew or put it off; null while active. */
  withdrawnBy: number | null;
}

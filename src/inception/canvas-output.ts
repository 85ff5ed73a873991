import {
  type Canvas,
  type CanvasFeature,
  type CanvasItem,
  type CanvasPersona,
  type VisionSlot,
  type VisionValue,
  visionSlots,
} from './canvas.ts';

/** The canvas as the `canvas` command prints it; evidence = message positions. */
export interface CanvasJson {
  conversationId: string;
  vision: Record<VisionSlot, VisionValue>;
  isIsNotDoesDoesNot: Canvas['isIsNotDoesDoesNot'];
  goals: CanvasItem[];
  personas: CanvasPersona[];
  features: Omit<CanvasFeature, 'key' | 'maybe' | 'withdrawnBy'>[];
  constraints: CanvasItem[];
  openQuestions: CanvasItem[];
}

/**
 * Plain data without what only the factory needs. *Maybe* features are left out: this shape has no place to mark them, so
 * a reader would take a passing remark for a decision; the room and the Markdown show them apart, under *maybe*. Removed and
 * deferred features are listed, with their status.
 */
export function toCanvasJson(canvas: Canvas): CanvasJson {
  const vision = Object.fromEntries(
    visionSlots.map((slot) => {
      const { value, basis, evidence } = canvas.vision[slot];
      return [slot, { value, basis, evidence: [...evidence] }];
    }),
  ) as Record<VisionSlot, VisionValue>;
  const { is, isNot, does, doesNot } = canvas.isIsNotDoesDoesNot;
  return {
    conversationId: canvas.conversationId,
    vision,
    isIsNotDoesDoesNot: {
      is: is.map(toItem),
      isNot: isNot.map(toItem),
      does: does.map(toItem),
      doesNot: doesNot.map(toItem),
    },
    goals: canvas.goals.map(toItem),
    personas: canvas.personas.map(({ name, needs, evidence }) => ({
      name,
      needs: [...needs],
      evidence: [...evidence],
    })),
    features: canvas.features
      .filter((feature) => !feature.maybe)
      .map(({ text, persona, priority, basis, status, inMvp, evidence }) => ({
        text,
        persona,
        priority,
        basis,
        status,
        inMvp,
        evidence: [...evidence],
      })),
    constraints: canvas.constraints.map(toItem),
    openQuestions: canvas.openQuestions.map(toItem),
  };
}

function toItem({ text, evidence }: CanvasItem): CanvasItem {
  return { text, evidence: [...evidence] };
}

import { FactoryError } from '#src/errors.ts';
import { canvasChanges } from '#src/inception/canvas-edits.ts';
import type { CanvasChange } from '#src/inception/canvas-edits.ts';
import { editCanvas } from '#src/inception/keep-canvas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { editsOf } from './canvas-edits.ts';
import { canvasLines } from './canvas-lines.ts';
import type { CanvasLine } from './canvas-lines.ts';
import type { DeskTools } from './desk-tools.ts';
import { changeAlone } from './say.ts';
import { redrawIdea } from './take-in.ts';

/** Longer than any item that is read on a phone. */
const MAX_CHARACTERS = 300;

/** What a person chose in the form of a canvas card. */
export interface ChosenEdit {
  item: string;
  change: string;
  words: string;
}

/**
 * A person corrects one item of the canvas; the stories follow. FactoryError `no-such-item`, `no-words` or
 * `nothing-changed`.
 */
export async function editItem(
  tools: DeskTools,
  conversationId: string,
  actor: string,
  { item, change, words }: ChosenEdit,
): Promise<void> {
  await changeAlone(tools, conversationId, async (conversation) => {
    const line = await lineNow(tools.unitOfWork, conversationId, item);
    const asked = canvasChanges.find((one) => one === change);
    if (line === null || asked === undefined) {
      throw new FactoryError('no-such-item', 'This item is not on the canvas any more.', {
        fix: 'Look at the card again, then choose.',
      });
    }
    const text = cleanLine(words, MAX_CHARACTERS) || line.text;
    refuseEmpty(asked, text, line);
    const { kind, featureKey, original, evidence } = line;
    const content = { kind, featureKey, original, text, evidence };
    await editCanvas(tools, { conversationId, actor, change: asked, content });
    await redrawIdea(tools, conversation.projectId, conversation);
  });
}

function refuseEmpty(change: CanvasChange, text: string, line: CanvasLine): void {
  if (change !== 'reworded' || text !== line.text) return;
  throw new FactoryError('no-words', 'The new words were left open, or are the old ones.', {
    fix: 'Write what it should say, or choose to keep or drop it.',
  });
}

async function lineNow(unitOfWork: UnitOfWork, conversationId: string, key: string): Promise<CanvasLine | null> {
  const features = await unitOfWork.tables.find('inception_features', { inceptionId: conversationId });
  const items = await unitOfWork.tables.find('inception_items', { inceptionId: conversationId });
  const lines = canvasLines(features, items, await editsOf(unitOfWork, conversationId));
  return lines.find((line) => line.key === key) ?? null;
}

import { itemKey } from '#src/inception/canvas-edits.ts';
import type { CanvasEdit } from '#src/inception/canvas-edits.ts';
import type { InceptionFeatureRow, InceptionItemRow } from '#src/ledger/rows.ts';

/** One item of a canvas as people see it, and what they made of it. */
export interface CanvasLine {
  key: string;
  /** `feature`, `vision.<slot>`, or the name of the list that it came from. */
  kind: string;
  featureKey: string | null;
  original: string;
  text: string;
  evidence: number[];
  /** A person's; null: nobody changed it. */
  edit: CanvasEdit | null;
}

export function featureLine(row: InceptionFeatureRow, edits: readonly CanvasEdit[]): CanvasLine {
  const known = { kind: 'feature', featureKey: row.key, original: row.text };
  const key = itemKey(known);
  const edit = edits.find((one) => one.key === key) ?? null;
  const { text, evidence } = row;
  return { ...known, key, original: edit?.original ?? text, text, evidence, edit };
}

/** What is no goal stands under *does not*, and is still the item that it was. */
export function itemLine({ kind, text, evidence }: InceptionItemRow, edits: readonly CanvasEdit[]): CanvasLine {
  const edit =
    edits.find(
      (one) => one.text === text && (one.kind === kind || (one.change === 'non-goal' && kind === 'doesNot')),
    ) ?? null;
  const known = {
    kind: edit?.kind ?? kind,
    featureKey: edit?.featureKey ?? null,
    original: edit?.original ?? text,
  };
  return { ...known, key: itemKey(known), text, evidence, edit };
}

/** All that people may change. What an empty slot asks is no item: nobody said it. */
export function canvasLines(
  features: readonly InceptionFeatureRow[],
  items: readonly InceptionItemRow[],
  edits: readonly CanvasEdit[],
): CanvasLine[] {
  const lines = [
    ...features.map((row) => featureLine(row, edits)),
    ...items
      .filter(({ kind, evidence }) => kind !== 'openQuestion' || evidence.length > 0)
      .map((row) => itemLine(row, edits)),
  ];
  return [...new Map(lines.toReversed().map((line) => [line.key, line])).values()].toReversed();
}

import { visionSlots } from '#src/inception/canvas.ts';
import { slotQuestions } from '#src/inception/questions.ts';
import { answerBeginnings } from '#src/inception/vision.ts';
import type { InceptionItemRow } from '#src/ledger/rows.ts';
import type { CardBlock, CardListItem } from '#src/ports/chat.ts';

/** Nobody answers seven questions at once. */
const QUESTIONS_AT_ONCE = 3;

const FOR_THE_WORK = 'named as open in the scope of every task';

/** What the answer to an empty slot's question is for, and words that begin it. */
const FOR_THE_VISION: ReadonlyMap<string, string> = new Map(
  visionSlots.map((slot) => [slotQuestions[slot], `for the vision; begin with “${answerBeginnings[slot]}”`]),
);

/**
 * The open questions of a canvas, the first few in sight and the others folded. What people asked themselves comes first,
 * and what the canvas asks about the vision comes in sight only where they asked nothing.
 */
export function questionBlocks(
  questions: readonly InceptionItemRow[],
  draw: (row: InceptionItemRow, purpose: string) => CardListItem,
): CardBlock[] {
  const asked = questions.filter(({ evidence }) => evidence.length > 0);
  const empty = questions.filter(({ evidence }) => evidence.length === 0);
  const first = asked.length === 0 ? empty : asked;
  const drawn = (rows: readonly InceptionItemRow[]): CardListItem[] =>
    rows.map((row) => draw(row, FOR_THE_VISION.get(row.text) ?? FOR_THE_WORK));
  const shown = first.slice(0, QUESTIONS_AT_ONCE);
  const rest = questions.filter((row) => !shown.includes(row));
  return [
    ...(shown.length === 0 ? [] : [{ type: 'list' as const, title: 'Open questions', items: drawn(shown) }]),
    ...(rest.length === 0
      ? []
      : [
          {
            type: 'fold' as const,
            summary: restWords(
              rest.filter((row) => asked.includes(row)).length,
              rest.filter((row) => empty.includes(row)).length,
            ),
            blocks: [{ type: 'list' as const, title: null, items: drawn(rest) }],
          },
        ]),
  ];
}

function restWords(asked: number, empty: number): string {
  if (asked === 0) return `${empty} more, about the vision`;
  return `${asked} more that people asked${empty === 0 ? '' : `, ${empty} about the vision`}`;
}

import { visionSlots } from '#src/inception/canvas.ts';
import { slotQuestions } from '#src/inception/questions.ts';
import { answerBeginnings } from '#src/inception/vision.ts';
import type { InceptionItemRow } from '#src/ledger/rows.ts';
import type { CardBlock, CardListItem } from '#src/ports/chat.ts';

/** Nobody answers seven questions at once. */
const QUESTIONS_AT_ONCE = 3;

/** Words that begin an answer to the question of an empty slot. */
const BEGINNINGS: ReadonlyMap<string, string> = new Map(
  visionSlots.map((slot) => [slotQuestions[slot], `say “${answerBeginnings[slot]}”`]),
);

type DrawQuestion = (row: InceptionItemRow, hint: string | null) => CardListItem;

/**
 * The open questions of a canvas under what they are for, the first few in sight and the others folded. What people asked
 * themselves comes first; what the canvas asks about the vision comes in sight only where they asked nothing.
 */
export function questionBlocks(questions: readonly InceptionItemRow[], draw: DrawQuestion): CardBlock[] {
  const asked = questions.filter(({ evidence }) => evidence.length > 0);
  const empty = questions.filter(({ evidence }) => evidence.length === 0);
  const shownAsked = asked.slice(0, QUESTIONS_AT_ONCE);
  const shownEmpty = asked.length === 0 ? empty.slice(0, QUESTIONS_AT_ONCE) : [];
  const more = { asked: asked.slice(shownAsked.length), empty: empty.slice(shownEmpty.length) };
  return [
    ...listed(shownAsked, shownEmpty, draw),
    ...(more.asked.length + more.empty.length === 0
      ? []
      : [
          {
            type: 'fold' as const,
            summary: moreWords(more.asked.length, more.empty.length),
            blocks: listed(more.asked, more.empty, draw),
          },
        ]),
  ];
}

function listed(
  asked: readonly InceptionItemRow[],
  empty: readonly InceptionItemRow[],
  draw: DrawQuestion,
): (CardBlock & { type: 'list' })[] {
  return [
    // The scope of every task names them until they are answered.
    { title: 'Open questions, for the work', rows: asked },
    { title: 'Open questions, for the vision', rows: empty },
  ].flatMap(({ title, rows }) =>
    rows.length === 0
      ? []
      : [{ type: 'list' as const, title, items: rows.map((row) => draw(row, BEGINNINGS.get(row.text) ?? null)) }],
  );
}

function moreWords(asked: number, empty: number): string {
  if (asked === 0) return `${empty} more, about the vision`;
  return `${asked} more that people asked${empty === 0 ? '' : `, ${empty} about the vision`}`;
}

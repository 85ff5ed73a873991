import type { HeldContent } from '#src/reflection/digest/held.ts';
import { isQuiet } from '#src/reflection/retrospective.ts';
import type { Retrospective } from '#src/reflection/retrospective.ts';
import { QUIET, titleOf } from '#src/reflection/retrospective-markdown.ts';
import { shortened } from '#src/reflection/retrospective-words.ts';
import { sparkline } from '#src/reflection/sparkline.ts';
import type { Card, CardBlock, CardListItem } from '#src/ports/chat.ts';
import { oneLine } from '../one-line.ts';
import { card, count, item } from './card-parts.ts';

/** More are under the fold. */
const MAX_SHIPPED = 4;
/** A line of a phone, and a half. */
const TITLE_CHARACTERS = 60;

/**
 * A week of a project, to read on a phone: what got better, what was shipped, what hurt, what was learned, what to try,
 * three numbers. Everything else is folded. `lessons`: what it asks about, as each stands now.
 */
export function retrospectiveCard(
  { retrospective, details }: Pick<HeldContent, 'retrospective' | 'details'>,
  lessons: CardListItem[],
): Card {
  const title = titleOf(retrospective, oneLine);
  if (isQuiet(retrospective)) return card('notice', `${title}: ${QUIET}`);
  const { better, shipped, hurt, toTry, numbers, caveats } = retrospective;
  return card('notice', `**The week of ${title}.**`, {
    blocks: [
      ...(better === null ? [] : [text(`Better: ${better.text}`)]),
      ...list('Shipped', shipped.slice(0, MAX_SHIPPED).map(shippedItem)),
      ...list(
        'What hurt',
        hurt.map((each) => item(oneLine(each.text), { mark: 'failed' })),
      ),
      ...list('What we learned', lessons),
      ...list(
        'To try',
        toTry.map((each) => item(oneLine(each))),
      ),
      { type: 'facts', facts: numbers.map(numberFact) },
      ...caveats.map(text),
      ...folded(shipped, details),
    ],
  });
}

/** What is left of one whose words were erased. Lessons that still wait can be decided on. */
export function erasedRetrospectiveCard(week: string, lessons: CardListItem[]): Card {
  return card('notice', `The look back on ${week} named a conversation that was forgotten, so its words were erased.`, {
    blocks: list('What we learned', lessons),
  });
}

function folded(shipped: Retrospective['shipped'], details: HeldContent['details']): CardBlock[] {
  const more = shipped.slice(MAX_SHIPPED);
  const blocks = [
    ...list(`${count(more.length, 'more change')} shipped`, more.map(shippedItem)),
    ...details.flatMap(({ title, lines }) =>
      list(
        title,
        lines.map((line) => item(oneLine(line))),
      ),
    ),
  ];
  if (blocks.length === 0) return [];
  const summary = more.length === 0 ? 'Details' : `Details, and ${more.length} more shipped`;
  return [{ type: 'fold', summary, blocks }];
}

function shippedItem({ taskId, number, title }: Retrospective['shipped'][number]): CardListItem {
  const thread = { kind: 'task' as const, id: taskId };
  return item(`${number} · ${shortened(oneLine(title), TITLE_CHARACTERS)}`, { mark: 'done', thread });
}

function numberFact({ name, value, trend }: Retrospective['numbers'][number]): { label: string; value: string } {
  return { label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, value: `${value} ${sparkline(trend)}`.trim() };
}

function list(title: string, items: CardListItem[]): CardBlock[] {
  return items.length === 0 ? [] : [{ type: 'list', title, items }];
}

function text(words: string): CardBlock {
  return { type: 'text', text: oneLine(words) };
}

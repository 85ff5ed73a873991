import type { RichTextBlockElement } from '@slack/types';
import type { Piece } from './pieces.ts';
import { bold, inline, moment, pack, words } from './rich-text.ts';
import { plain, shorten, splitText } from './words.ts';

const SPEAKER_CHARS = 200;
/** Leaves room for the name beside it. */
const PART_CHARS = 2_500;

/** What somebody said, and when, under their name. */
export function quoted(said: { speaker: string; at: string | null; text: string }, maxChars: number): Piece[] {
  const when = moment(said.at, '{date_short_pretty} {time}');
  const by = [
    bold(shorten(plain(said.speaker), SPEAKER_CHARS) || 'somebody'),
    ...(when.length === 0 ? [] : [words(' · '), ...when]),
    words('\n'),
  ];
  const parts = splitText(shorten(said.text.trim(), maxChars), PART_CHARS);
  const elements = (parts.length === 0 ? ['…'] : parts).map(
    (part, index): RichTextBlockElement => ({
      type: 'rich_text_quote',
      elements: [...(index === 0 ? by : []), ...inline(part)],
    }),
  );
  return pack(elements).map((block) => [block]);
}

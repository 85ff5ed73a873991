import { isQuiet } from './retrospective.ts';
import type { Retrospective } from './retrospective.ts';
import { sparkline } from './sparkline.ts';

/** More is in the room. */
const MAX_SHIPPED = 7;

/** What is said of a week without anything to say. */
export const QUIET = 'a quiet week, nothing was merged and nothing went wrong.';

/** Whose week it is, and which: `Greeter, Nov 16 to Nov 23`. */
export function titleOf(
  { project, from, until }: Pick<Retrospective, 'project' | 'from' | 'until'>,
  lineOf: (text: string) => string,
): string {
  return `${lineOf(project)}, ${day(from)} to ${day(until)}`;
}

/**
 * A retrospective to read on a phone, without headings and links, so that it reads the same in a chat. A quiet week is
 * one line. `lineOf` makes people's words harmless where it is shown.
 */
export function renderRetrospective(retrospective: Retrospective, lineOf: (text: string) => string): string {
  const { better, shipped, hurt, learned, toTry, numbers, caveats } = retrospective;
  const title = titleOf(retrospective, lineOf);
  if (isQuiet(retrospective)) return `${title}: ${QUIET}\n`;
  const sections = [
    `**${title}**`,
    better === null ? '' : `Better: ${lineOf(better.text)}`,
    section('Shipped', [
      ...shipped.slice(0, MAX_SHIPPED).map(({ number, title }) => `${number} ${lineOf(title)}`),
      ...(shipped.length > MAX_SHIPPED ? [`and ${shipped.length - MAX_SHIPPED} more`] : []),
    ]),
    section(
      'Hurt',
      hurt.map(({ text }) => lineOf(text)),
    ),
    section(
      'Learned',
      learned.map(({ number, text, asks, effect }) => {
        const may = asks === 'retire' ? ', which may go' : '';
        return `lesson ${number}${may}: ${lineOf(text)}${effect === null ? '' : ` ${lineOf(effect)}`}`;
      }),
    ),
    section(
      'To try',
      toTry.map((text) => lineOf(text)),
    ),
    section(
      'Numbers',
      numbers.map(({ name, value, trend }) => `${name}: ${value} ${sparkline(trend)}`.trim()),
    ),
    ...caveats,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`**${title}**`, ...lines.map((line) => `- ${line}`)].join('\n');
}

function day(at: string): string {
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(at));
}

import type { Retrospective } from './retrospective.ts';
import { sparkline } from './sparkline.ts';

/** More is in the room. */
const MAX_SHIPPED = 7;

/**
 * A retrospective to read on a phone, without headings and links, so that it reads the same in a chat. A quiet week is
 * one line. `lineOf` makes people's words harmless where it is shown.
 */
export function renderRetrospective(retrospective: Retrospective, lineOf: (text: string) => string): string {
  const { project, from, until, shipped, hurt, toTry, numbers, caveats } = retrospective;
  const span = `${day(from)} to ${day(until)}`;
  if (shipped.length === 0 && hurt.length === 0) {
    return `${lineOf(project)}, ${span}: a quiet week, nothing was merged and nothing went wrong.\n`;
  }
  const sections = [
    `**${lineOf(project)}, ${span}**`,
    section('Shipped', [
      ...shipped.slice(0, MAX_SHIPPED).map(({ number, title }) => `${number} ${lineOf(title)}`),
      ...(shipped.length > MAX_SHIPPED ? [`and ${shipped.length - MAX_SHIPPED} more`] : []),
    ]),
    section(
      'Hurt',
      hurt.map(({ text }) => lineOf(text)),
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

import type { Retrospective } from './retrospective.ts';
import { sparkline } from './sparkline.ts';

/** More is in the room. */
const MAX_SHIPPED = 7;

/** A retrospective to read on a phone. A quiet week is one line. */
export function renderRetrospective(retrospective: Retrospective): string {
  const { project, from, until, shipped, hurt, toTry, numbers, caveats } = retrospective;
  const span = `${day(from)} to ${day(until)}`;
  if (shipped.length === 0 && hurt.length === 0) {
    return `${lineOf(project)}, ${span}: a quiet week, nothing was merged and nothing went wrong.\n`;
  }
  const sections = [
    `# ${lineOf(project)}, ${span}`,
    section('Shipped', [
      ...shipped.slice(0, MAX_SHIPPED).map(({ number, title }) => `${number} ${lineOf(title)}`),
      ...(shipped.length > MAX_SHIPPED ? [`and ${shipped.length - MAX_SHIPPED} more`] : []),
    ]),
    section(
      'Hurt',
      hurt.map(({ text }) => lineOf(text)),
    ),
    section('To try', toTry.map(lineOf)),
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

/** Titles are people's words: they may not make a list, a heading or a link of their own. */
export function lineOf(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`);
}

function day(at: string): string {
  return new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(at));
}

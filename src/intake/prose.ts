import { splitFences } from './fences.ts';

/** The text without its fenced code: what was said, not what was shown. Lines keep their order. */
export function proseOf(text: string): string {
  return splitFences(text)
    .filter((passage) => passage.kind === 'prose')
    .map((passage) => passage.lines.join('\n'))
    .join('\n')
    .trim();
}

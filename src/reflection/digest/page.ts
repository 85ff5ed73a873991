import { markdownLine } from '../markdown-line.ts';
import { renderRetrospective } from '../retrospective-markdown.ts';
import type { Told } from './look-back.ts';

/** All of a retrospective as a page of Markdown, under the name of its week. */
export function retrospectivePage(week: string, { retrospective, details }: Told): string {
  const sections = details.map(({ title, lines }) =>
    [`### ${title}`, '', ...lines.map((line) => `- ${markdownLine(line)}`), ''].join('\n'),
  );
  return [
    `# ${week}`,
    '',
    renderRetrospective(retrospective, markdownLine),
    ...(sections.length === 0 ? [] : ['## Details', '', ...sections]),
  ].join('\n');
}

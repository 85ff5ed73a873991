import { pathsIn } from '#src/intake/paths-in.ts';
import { bulletMark } from './sentences.ts';

/** What a person wrote under the headings that issues have; each entry is one bullet or paragraph. */
export interface Sections {
  criteria: string[];
  constraints: string[];
  paths: string[];
  /** The text without them. */
  rest: string;
}

type SectionName = Exclude<keyof Sections, 'rest'>;

/** Whole headings, in lower case: "Constraints we had in 2019" heads a story, not a list. */
const HEADINGS: Readonly<Record<string, SectionName>> = {
  'acceptance criteria': 'criteria',
  'definition of done': 'criteria',
  'done when': 'criteria',
  constraints: 'constraints',
  'context paths': 'paths',
  'context files': 'paths',
  'relevant files': 'paths',
  files: 'paths',
};

/**
 * Takes out of prose what stands under headings (`## Acceptance criteria`) that say what it is, so that nobody has to
 * guess. A section ends at the next heading. Prose without such headings comes back as it is.
 */
export function readSections(prose: string): Sections {
  const sections: Sections = { criteria: [], constraints: [], paths: [], rest: prose };
  if (!/^#{1,6}\s/m.test(prose)) return sections;
  const rest: string[] = [];
  let name: SectionName | null = null;
  let goesOn = false;
  const lines = prose.split('\n');
  for (const [index, line] of lines.entries()) {
    const heading = headingIn(line);
    if (heading !== null) {
      name = HEADINGS[heading] ?? (heading === 'context' && listsPaths(lines.slice(index + 1)) ? 'paths' : null);
      goesOn = false;
      if (name === null) rest.push(line);
    } else if (name === null) rest.push(line);
    else if (line.trim() === '') goesOn = false;
    else if (goesOn && !bulletMark.test(line))
      sections[name].push(`${sections[name].pop() ?? ''} ${line.trim()}`.trim());
    else {
      sections[name].push(line.replace(bulletMark, '').trim());
      goesOn = true;
    }
  }
  return { ...sections, rest: rest.join('\n').trim() };
}

/** In lower case; null: the line is none. */
function headingIn(line: string): string | null {
  const heading = /^#{1,6}\s+(.*?)[\s:#]*$/.exec(line)?.[1];
  return heading?.replaceAll(/[*_]/g, '').trim().toLowerCase() ?? null;
}

/** Under "Context" people tell a story or list paths; only a list of nothing else is one of paths. */
function listsPaths(lines: readonly string[]): boolean {
  const end = lines.findIndex((line) => headingIn(line) !== null);
  const said = (end < 0 ? lines : lines.slice(0, end)).filter((line) => line.trim() !== '');
  return (
    said.length > 0 && said.every((line) => bulletMark.test(line) && pathsIn(line.replace(bulletMark, '')).length > 0)
  );
}

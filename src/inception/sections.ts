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
  for (const line of prose.split('\n')) {
    const heading = /^#{1,6}\s+(.*?)[\s:#]*$/.exec(line)?.[1];
    if (heading !== undefined) {
      name = HEADINGS[heading.replaceAll(/[*_]/g, '').trim().toLowerCase()] ?? null;
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

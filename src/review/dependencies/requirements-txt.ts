import type { Dependency, Manifest } from './dependency.ts';
import { readRequirement } from './requirement.ts';

/** A requirements file of pip. Options on lines of their own are settings, `-e` names a package. */
export function readRequirementsTxt(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings = new Map<string, string>();
  for (const raw of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const [, editable] = /^(?:-e|--editable)[ =]+(.+)$/.exec(line) ?? [];
    if (editable === undefined && line.startsWith('-')) settings.set(line, line);
    else dependencies.push(readRequirement((editable ?? line).replace(/\s--?[a-z][\w-]*[ =].*$/, ''), 'requirements'));
  }
  return { dependencies, settings };
}

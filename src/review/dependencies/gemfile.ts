import type { Dependency, Manifest } from './dependency.ts';

/** Patterns take their time with longer ones. */
const MAX_LINE_CHARACTERS = 1000;

/** A `Gemfile` is a program. Only lines of the usual form are read. Throws where one is too long. */
export function readGemfile(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    if (raw.length > MAX_LINE_CHARACTERS) throw new Error('a line is too long to be read');
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    const [, name, rest] = /^gem[\s(]+['"]([^'"]+)['"]\s*,?\s*(.*?)\)?$/.exec(line) ?? [];
    if (name !== undefined && rest !== undefined) {
      const versions = [...rest.matchAll(/(?:^|,\s*)['"]([^'"]*)['"]/g)].map(([, version]) => version);
      const from = /\b(?:git|github|gitlab|bitbucket|gist)\b["']?\s*(?::|=>)/.test(rest)
        ? 'a git repository'
        : /\bpath\b["']?\s*(?::|=>)/.test(rest)
          ? 'a folder'
          : /\bsource\b["']?\s*(?::|=>)/.test(rest)
            ? 'a registry of its own'
            : null;
      const spec = from === null ? versions.join(', ') : rest;
      dependencies.push({ ecosystem: 'RubyGems', name, spec, field: 'gems', from });
    } else if (/^(?:source|git_source|git|path|plugin|eval_gemfile|gemspec)\b/.test(line)) settings.set(line, line);
  }
  return { dependencies, settings };
}

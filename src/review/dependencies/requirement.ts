import type { Dependency } from './dependency.ts';

/** PEP 503: names that differ only in letter case, dots, dashes and underscores are one. */
export function pythonName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

const VERSION = /^(?:(?:[<>!=~]=|===|[<>])\s*[\w.*+!-]+)?$/;

/** One requirement as PEP 508 writes it: `name[extra] >=1.2 ; marker`, or `name @ address`. */
export function readRequirement(text: string, field: string): Dependency {
  const [, name, rest] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/s.exec(text.trim()) ?? [];
  const place = /^[\w.+-]*:\/\/|^\.{0,2}\/|^[\w.+-]+\+/.test(text.trim());
  if (name === undefined || rest === undefined || place) {
    const spec = text.trim();
    // The part behind `#egg=` is what pip calls it.
    const egg = /#egg=([\w.-]+)/.exec(spec)?.[1];
    return { ecosystem: 'PyPI', name: egg === undefined ? spec : pythonName(egg), spec, field, from: originOf(spec) };
  }
  if (rest.startsWith('@')) {
    const spec = rest.slice(1).trim();
    return { ecosystem: 'PyPI', name: pythonName(name), spec, field, from: originOf(spec) };
  }
  const spec = (rest.split(';')[0] ?? '').replace(/^\((.*)\)\s*$/s, '$1').trim();
  const isVersion = spec.split(',').every((part) => VERSION.test(part.trim()));
  return {
    ecosystem: 'PyPI',
    name: pythonName(name),
    spec,
    field,
    from: isVersion ? null : 'a place of an unknown kind',
  };
}

function originOf(spec: string): string {
  if (/^(?:git|hg|svn|bzr)[+:]|\.git(?:[@#]|$)/.test(spec)) return 'a git repository';
  if (/^https?:/i.test(spec)) return 'a web address';
  return 'a folder or file';
}

import type { Dependency, Manifest } from './dependency.ts';

/** `go.mod` (Go modules reference, "go.mod files"). */
export function readGoMod(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings = new Map<string, string>();
  let block: string | null = null;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/\/\/.*$/, '').trim();
    if (line === '') continue;
    if (line === ')') {
      block = null;
      continue;
    }
    const [, opened] = /^(\w+)\s*\($/.exec(line) ?? [];
    if (opened !== undefined) {
      block = opened;
      continue;
    }
    const [first = '', ...rest] = words(line);
    const verb: string = block ?? first;
    const said = block === null ? rest : [first, ...rest];
    const [name = '', spec = ''] = said;
    if (verb === 'require') dependencies.push({ ecosystem: 'Go', name, spec, field: 'require', from: null });
    else if (verb === 'replace') {
      const arrow = said.indexOf('=>');
      const by = said.slice(arrow + 1);
      const from = /^\.{0,2}\//.test(by[0] ?? '') ? 'a folder' : 'another module';
      dependencies.push({ ecosystem: 'Go', name, spec: by.join(' '), field: 'replace', from });
    } else if (verb === 'toolchain' || verb === 'tool')
      settings.set(`${verb} ${said.join(' ')}`, `${verb} ${said.join(' ')}`);
  }
  return { dependencies, settings };
}

function words(line: string): string[] {
  return line.split(/\s+/).map((word) => word.replace(/^["`](.*)["`]$/, '$1'));
}

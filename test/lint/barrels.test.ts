import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './lint-tree.ts';

/** True for a file that only hands on what others export: the reader has to look twice, and cycles hide in it. */
function isBarrel(source: string): boolean {
  const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '').trim();
  const rest = code.replaceAll(/export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/g, '');
  return code !== '' && rest.trim() === '';
}

function sources(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file));
}

describe('barrels', () => {
  it.each([
    ["export { one } from './one.ts';\nexport type { Two } from './two.ts';", true],
    ["/** All of it. */\nexport * from './one.ts';", true],
    ["export { one } from './one.ts';\nexport const two = 2;", false],
    ['export const two = 2;', false],
  ])('knows one when it sees it: %j', (source, expected) => {
    expect(isBarrel(source)).toBe(expected);
  });

  it.each(['src', 'bots', 'agents', 'persistence', 'infra', 'test'])('has none in %s', (folder) => {
    const barrels = sources(folder).filter(
      (file) => path.basename(file) === 'index.ts' || isBarrel(readFileSync(path.join(projectRoot, file), 'utf8')),
    );
    expect(barrels).toEqual([]);
  });
});

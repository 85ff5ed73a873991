import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const PAGE = readFileSync(path.join(ROOT, 'src/decisions/0010-security-rows.md'), 'utf8');
/** The lists that the rows come from. They are no part of the project. */
const LISTS = path.resolve(ROOT, '../shared/security');

const ID = /\b[CAF]\d\d\b/g;
/** A string at the beginning of a call or a list: a title, or what a table of cases puts into one. */
const STRINGS = /[([]\s*(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`)/g;

interface Row {
  ids: readonly string[];
  places: readonly string[];
}

const cells = PAGE.split('\n')
  .filter((line) => /^\| [CAF]\d\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const proven: Row[] = cells
  .filter(({ length }) => length === 5)
  .map(([, ids = '', , tests = '']) => ({
    ids: ids.match(ID) ?? [],
    places: [...tests.matchAll(/`([^`]+)`/g)].map(([, place = '']) => place),
  }));
const waiting = cells.filter(({ length }) => length === 4).flatMap(([, ids = '']) => ids.match(ID) ?? []);

function filesAt(place: string): string[] {
  const full = path.join(ROOT, place);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [full];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(full, file))
    .filter((file) => file.endsWith('.ts'));
}

function idsIn(place: string): ReadonlySet<string> {
  const titles = filesAt(place).flatMap((file) => [...readFileSync(file, 'utf8').matchAll(STRINGS)]);
  return new Set(titles.flatMap(([, one = '', two = '', three = '']) => `${one} ${two} ${three}`.match(ID) ?? []));
}

describe('the page of security rows', () => {
  it.each(proven.flatMap(({ ids, places }) => ids.map((id) => ({ id, places }))))(
    'names tests of $id whose titles name it',
    ({ id, places }) => {
      expect(places.length).toBeGreaterThan(0);
      expect(places.filter((place) => !idsIn(place).has(id))).toEqual([]);
    },
  );

  it.skipIf(!existsSync(LISTS))(
    'leaves out no row of the lists (skipped where they are not beside the project)',
    () => {
      const ids = ['controls.json', 'attack_scenarios.json', 'fault_matrix.json'].flatMap(
        (file) => readFileSync(path.join(LISTS, file), 'utf8').match(/(?<="id": ?")[CAF]\d\d(?=")/g) ?? [],
      );
      expect(ids).toHaveLength(32 + 28 + 29);
      const named = new Set([...proven.flatMap((row) => row.ids), ...waiting]);
      expect(ids.filter((id) => !named.has(id))).toEqual([]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { caseCollisions, hostileName } from '#infra/git/hostile-names.ts';

describe('hostileName', () => {
  it.each([
    'a\u0000b',
    'a\nb',
    'a\u001bb',
    'a\u0085b',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\u200fb',
    'a\u061cb',
    'a\u200bb',
    'a\ufeffb',
    'a\u{e0041}b',
  ])('refuses %j', (path) => {
    expect(hostileName(path)).not.toBeNull();
  });

  it.each([
    '.git',
    '.GIT/config',
    'a/.git/x',
    '.git.',
    '.git ',
    '.git . .',
    'git~1',
    'GIT~1/x',
    '.g\u200cit',
    '.git::$INDEX_ALLOCATION',
    '.\uff27it',
    'a\\b',
    '../a',
    'a/./b',
    '/a',
    'a//b',
  ])('refuses what opens the git directory or climbs: %j', (path) => {
    expect(hostileName(path)).not.toBeNull();
  });

  it.each([
    'a.txt',
    '.gitignore',
    '.github/x',
    'git',
    'größe/漢字.txt',
    'a b',
    '$(id)',
    "'",
    '👩\u200d💻.md',
    'نص.txt',
    '-x',
    'a..b',
    '...',
  ])('lets %j through', (path) => {
    expect(hostileName(path)).toBeNull();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(hostileName(null)).toContain('UTF-8');
  });
});

describe('caseCollisions', () => {
  it('groups spellings of one name, folders included, when one of them was touched', () => {
    expect(caseCollisions(['a/x', 'A/y', 'b'], new Set(['A/y']))).toEqual([['A', 'a']]);
    expect(caseCollisions(['Straße', 'STRASSE'], new Set(['STRASSE']))).toEqual([['STRASSE', 'Straße']]);
    expect(caseCollisions(['caf\u00e9', 'cafe\u0301'], new Set(['caf\u00e9']))).toHaveLength(1);
  });

  it('is silent about what was there before and about different names', () => {
    expect(caseCollisions(['a', 'A', 'b'], new Set(['b']))).toEqual([]);
    expect(caseCollisions(['a', 'b', 'a.b'], new Set(['a']))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { MergedTask, ReleaseFacts } from '#src/reflection/read-release.ts';
import { draftReleaseNotes, renderReleaseNotes } from '#src/reflection/release-notes.ts';
import { markdownLine } from '#src/reflection/markdown-line.ts';

const change = (number: number, rest: Partial<MergedTask> = {}): MergedTask => ({
  number,
  title: `Change ${number}`,
  epic: 'Greet people',
  mergedAt: `2026-11-0${number}T09:00:00.000Z`,
  pullRequest: { number: number + 10, url: `https://github.example/o/r/pull/${number + 10}` },
  approvedBy: 'grace',
  mergedBy: null,
  isIn: true,
  isRevert: false,
  revertedBy: null,
  ...rest,
});
const notes = (changes: readonly MergedTask[], rest: Partial<ReleaseFacts> = {}) =>
  draftReleaseNotes({ project: 'Greetings', since: null, changes, ...rest });
const text = (changes: readonly MergedTask[], rest: Partial<ReleaseFacts> = {}) =>
  renderReleaseNotes(notes(changes, rest), { lineOf: markdownLine });

describe('release notes', () => {
  it('group what was merged by epic, with number, pull request and who approved', () => {
    expect(
      text([
        change(2, { epic: 'Remember people', approvedBy: null, mergedBy: 'github:ada' }),
        change(3, { pullRequest: { number: 7, url: '/pulls/7' } }),
        change(1),
      ]),
    ).toBe(
      [
        '**Greetings**',
        '',
        '**Greet people**',
        '- Change 1 (task 1, pull request 11: https://github.example/o/r/pull/11, approved by grace)',
        '- Change 3 (task 3, pull request 7, approved by grace)',
        '',
        '**Remember people**',
        '- Change 2 (task 2, pull request 12: https://github.example/o/r/pull/12, merged by hand by github:ada)',
      ].join('\n'),
    );
  });

  it('leave out what was taken back, and count it', () => {
    const revert = change(2, { isRevert: true, title: 'Revert "Change 1"' });
    const told = text([change(1, { revertedBy: { number: 2, isIn: true } }), revert, change(3)]);
    expect(told).not.toContain('Change 1');
    expect(told).toContain('- Change 3');
    expect(told).toMatch(/\n\n1 change was merged, then reverted, and left out here\.$/);
  });

  it('say what an earlier release had and this one takes back', () => {
    const before = change(1, { isIn: false, revertedBy: { number: 2, isIn: true } });
    const told = text([before, change(2, { isRevert: true })], { since: 'since v1.0' });
    expect(told).toBe(['**Greetings, since v1.0**', '', '**Taken back**', '- Change 1 (task 1, by task 2)'].join('\n'));
    const longAgo = change(1, { isIn: false, revertedBy: { number: 2, isIn: false } });
    expect(text([longAgo], { since: 'since v1.0' })).toBe('Nothing was merged in Greetings since v1.0.');
  });

  it('are one plain sentence where nothing was merged', () => {
    expect(text([])).toBe('Nothing was merged in Greetings.');
    expect(text([change(1, { isIn: false })], { since: 'since 2026-11-01' })).toBe(
      'Nothing was merged in Greetings since 2026-11-01.',
    );
    expect(text([change(1, { revertedBy: { number: 2, isIn: true } })])).toBe(
      'Nothing was merged in Greetings that still stands. 1 change was merged, then reverted, and left out here.',
    );
  });

  it('let no title make a list, a heading or a link of its own', () => {
    expect(text([change(1, { title: '[x](https://evil.example)\n# Big', epic: null })])).toContain(
      String.raw`**Other changes**${'\n'}- \[x\](https://evil.example) \# Big (task 1,`,
    );
  });

  it('keep to a size, by whole lines, and count the rest', () => {
    const many = notes(Array.from({ length: 60 }, (_, index) => change(index + 1)));
    const short = renderReleaseNotes(many, { lineOf: markdownLine, maxCharacters: 1000 });
    expect(short.length).toBeLessThanOrEqual(1000);
    const told = short.split('\n').filter((line) => line.startsWith('- ')).length;
    expect(short).toMatch(new RegExp(`\\n\\nAnd ${60 - told} more: \`workbench release-notes\` prints them all\\.$`));
    expect(told).toBeGreaterThan(5);
  });
});

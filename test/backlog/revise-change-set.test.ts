import { describe, expect, it } from 'vitest';
import { reviseChangeSet } from '#src/backlog/revise-change-set.ts';
import { ChangeSetContent } from '#src/backlog/task-brief.ts';

const edit = (path: string, content: string, kind: 'file' | 'diff' = 'file') => ({
  path,
  kind,
  content,
  position: 4,
  isTest: path.includes('test'),
});
const current: ChangeSetContent = {
  key: 'change',
  requestPosition: 0,
  acceptance: 'accepted',
  acceptedBy: 2,
  edits: [edit('src/a.js', 'old a'), edit('src/a.js', '-old', 'diff'), edit('test/a.test.js', 'old test')],
  leftOut: [{ path: 'src/b.js', position: 3, reason: 'Turned down.' }],
};
const revise = (...edits: ReturnType<typeof edit>[]) => reviseChangeSet(current, { edits, leftOut: [] }, 'ada');
const briefly = (set: ChangeSetContent) =>
  set.edits.map(({ path, content, pastedBy }) => [path, content, pastedBy ?? null]);

describe('code that was pasted later', () => {
  it('takes the place of everything there was for its path, and of nothing else', () => {
    expect(briefly(revise(edit('src/a.js', 'new a')))).toEqual([
      ['test/a.test.js', 'old test', null],
      ['src/a.js', 'new a', 'ada'],
    ]);
  });

  it('applies on top when it is a diff', () => {
    expect(briefly(revise(edit('src/a.js', '-more', 'diff'))).map(([, content]) => content)).toEqual([
      'old a',
      '-old',
      'old test',
      '-more',
    ]);
  });

  it('is credited to who pasted it and to no message', () => {
    const [, , , added] = revise(edit('src/new.js', 'new')).edits;
    expect(added).toMatchObject({ pastedBy: 'ada', position: -1 });
  });

  it('brings back a file that had been left out', () => {
    expect(revise(edit('src/b.js', 'b')).leftOut).toEqual([]);
    expect(revise(edit('src/c.js', 'c')).leftOut).toEqual(current.leftOut);
  });

  it('can be kept and read again', () => {
    const revised = revise(edit('src/a.js', 'new a'));
    expect(ChangeSetContent.parse(JSON.parse(JSON.stringify(revised)))).toEqual(revised);
  });
});

import { describe, expect, it } from 'vitest';
import { insert, replace, type RowChange, update } from '#src/ledger/rows.ts';
import { mergeChanges } from '#persistence/merge-changes.ts';

const epic = (id: string, title: string) => ({ id, projectId: 'p', conversationId: 'c', key: id, title });

describe('mergeChanges', () => {
  it('folds updates into the insert or the update before them', () => {
    const changes: RowChange[] = [
      insert('epics', epic('a', 'one')),
      update('stories', 's', { title: 'x' }),
      update('epics', 'a', { title: 'two' }),
      update('stories', 's', { points: 3 }),
      update('epics', 'b', { title: 'b' }),
    ];
    expect(mergeChanges(changes)).toEqual([
      insert('epics', epic('a', 'two')),
      update('stories', 's', { title: 'x', points: 3 }),
      update('epics', 'b', { title: 'b' }),
    ]);
  });

  it('moves nothing across a replacement of rows of the same table', () => {
    const changes: RowChange[] = [
      update('epics', 'a', { title: 'one' }),
      update('stories', 's', { title: 'x' }),
      replace('epics', { conversationId: 'c' }, [epic('a', 'new')]),
      update('epics', 'a', { title: 'two' }),
      update('stories', 's', { points: 3 }),
    ];
    expect(mergeChanges(changes)).toEqual([
      changes[0],
      update('stories', 's', { title: 'x', points: 3 }),
      changes[2],
      changes[3],
    ]);
  });

  it('leaves what it was given as it was', () => {
    const changes: RowChange[] = [insert('epics', epic('a', 'one')), update('epics', 'a', { title: 'two' })];
    const before = structuredClone(changes);
    mergeChanges(changes);
    expect(changes).toEqual(before);
  });
});

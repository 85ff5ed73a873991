import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { FoldedTable } from '#src/ledger/folded-table.ts';
import { compareTables, foldLedger } from '#src/ledger/replay.ts';
import { storableChange, storableText } from '#src/ledger/storable.ts';
import { insert, type ProjectRow } from '#src/ledger/rows.ts';

function recorded(
  seq: number,
  type: RecordedEvent['type'],
  body: object,
  artifact: string | null = null,
): RecordedEvent {
  return {
    seq,
    type,
    body: body as RecordedEvent['body'],
    stream: 's',
    position: seq,
    version: 1,
    actor: 'ada',
    agent: null,
    taskId: null,
    runId: null,
    artifact,
    cause: null,
    idempotencyKey: null,
    at: '2026-11-20T09:00:00.000Z',
    bodyText: JSON.stringify(body),
    prevHash: '',
    hash: '',
  };
}

const created = (seq: number, id: string) =>
  recorded(seq, 'project.created', { projectId: id, slug: id, name: `Project ${id}` });
const sprint = {
  sprintId: 's',
  projectId: 'p',
  number: 1,
  startsAt: '2026-11-20T09:00:00.000Z',
  endsAt: '2026-11-27T09:00:00.000Z',
};
const row = (id: string): ProjectRow => ({
  id,
  slug: id,
  name: `Project ${id}`,
  createdAt: '2026-11-20T09:00:00.000Z',
});

describe('foldLedger', () => {
  it('makes rows from bodies and from the content of the named artifacts', () => {
    const events = [
      created(1, 'a'),
      recorded(2, 'sprint.started', sprint, 'hash'),
      recorded(3, 'sprint.closed', { sprintId: 's' }),
    ];
    const tables = foldLedger(events, (hash) => (hash === 'hash' ? { goal: 'Ship it' } : undefined));
    expect(tables.get('projects')?.rows).toEqual(new Map([['a', row('a')]]));
    expect(tables.get('sprints')?.rows.get('s')).toMatchObject({ goal: 'Ship it', status: 'closed' });
    expect(
      foldLedger(events, () => undefined)
        .get('sprints')
        ?.rows.get('s'),
    ).toMatchObject({ goal: 'erased' });
  });

  it('stops where an event does not fit what came before, and names it', () => {
    const refusal = expect.objectContaining({
      code: 'ledger-not-foldable',
      message: expect.stringContaining('Event 2'),
    });
    expect(() => foldLedger([created(1, 'a'), created(2, 'a')], () => undefined)).toThrow(refusal);
    expect(() =>
      foldLedger([created(1, 'a'), recorded(2, 'sprint.closed', { sprintId: 'none' })], () => undefined),
    ).toThrow(refusal);
  });

  it('passes over an update of what only erased content would have made', () => {
    const judged = recorded(1, 'feature.judged', { inceptionId: 'i', featureKey: 'f', verdict: 'kept' });
    expect(foldLedger([judged], () => undefined).get('inception_features')?.rows.size).toBe(0);
  });
});

describe('compareTables', () => {
  const folded = foldLedger([created(1, 'a'), created(2, 'b')], () => undefined);
  const compare = (...rows: ProjectRow[]) => compareTables(folded, new Map([['projects', rows]]));

  it('finds nothing where all is the same', () => {
    expect(compare(row('b'), row('a'))).toEqual([]);
  });

  it('names every cell that differs, and rows that are missing or too many', () => {
    expect(compare({ ...row('a'), name: 'x', slug: 'y' }, row('c'))).toEqual([
      { table: 'projects', id: 'a', column: 'slug', ledger: 'a', row: 'y' },
      { table: 'projects', id: 'a', column: 'name', ledger: 'Project a', row: 'x' },
      { table: 'projects', id: 'b', column: 'id', ledger: 'b', row: null },
      { table: 'projects', id: 'c', column: 'id', ledger: null, row: 'c' },
    ]);
  });

  it('finds a column that only one side has', () => {
    const { name: _, ...short } = row('a');
    expect(compare(short as ProjectRow, row('b'))).toEqual([
      { table: 'projects', id: 'a', column: 'name', ledger: 'Project a', row: null },
    ]);
  });

  it('finds a table that the ledger knows nothing of', () => {
    expect(compareTables(new Map(), new Map([['projects', [row('a')]]]))).toMatchObject([{ id: 'a', ledger: null }]);
  });
});

describe('FoldedTable', () => {
  it('does what a plain list of rows would, whatever the order of changes', () => {
    const group = fc.constantFrom('x', 'y', null);
    const id = fc.constantFrom('1', '2', '3', '4');
    const change = fc.oneof(
      fc.record({ op: fc.constant('insert' as const), id, group }),
      fc.record({ op: fc.constant('update' as const), id, group }),
      fc.record({ op: fc.constant('remove' as const), group }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const table = new FoldedTable();
        let plain: { id: string; group: string | null }[] = [];
        for (const one of changes) {
          if (one.op === 'insert') {
            const isNew = !plain.some((other) => other.id === one.id);
            expect(table.insert({ id: one.id, group: one.group } as { id: string })).toBe(isNew);
            if (isNew) plain.push({ id: one.id, group: one.group });
          } else if (one.op === 'update') {
            const there = plain.find((other) => other.id === one.id);
            expect(table.update(one.id, { group: one.group })).toBe(there !== undefined);
            if (there !== undefined) there.group = one.group;
          } else {
            table.removeWhere({ group: one.group });
            plain = plain.filter((other) => other.group !== one.group);
          }
        }
        const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
        expect([...table.rows.values()].toSorted(byId)).toEqual(plain.toSorted(byId));
      }),
    );
  });
});

describe('what a database can hold', () => {
  it('replaces a NUL and half a surrogate pair, and leaves everything else', () => {
    expect(storableText('a\0b\ud83d')).toBe('a\ufffdb\ufffd');
    expect(storableText('😀 é שלום')).toBe('😀 é שלום');
    const change = storableChange(insert('stories', { title: 'cut \ud83d', dependsOn: ['a\0'], points: 3 } as never));
    expect(change).toMatchObject({ row: { title: 'cut \ufffd', dependsOn: ['a\ufffd'], points: 3 } });
  });
});

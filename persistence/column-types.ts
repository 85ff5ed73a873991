import { p, Type } from '@mikro-orm/core';
import { FactoryError } from '#src/errors.ts';

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A moment: `timestamptz(3)` in the database, an ISO 8601 UTC string with milliseconds here. Anything else is refused,
 * since it would come back written otherwise than the ledger has it.
 */
class IsoTime extends Type<string | null, string | null> {
  override convertToDatabaseValue(value: string | null): string | null {
    if (value === null || value === undefined) return null;
    if (!isoTime.test(value) || Number.isNaN(Date.parse(value))) {
      throw new FactoryError('time-invalid', `"${value}" is not a time such as 2026-11-20T09:30:00.000Z.`, {
        fix: 'This is a fault of the workbench: report it with the log of this run.',
        isOwnFault: true,
      });
    }
    return value;
  }

  override convertToJSValue(value: string | null): string | null {
    return value === null || value === undefined ? null : isoOfDatabase(value);
  }

  override getColumnType(): string {
    return 'timestamptz(3)';
  }

  override compareAsType(): string {
    return 'string';
  }
}

/** PostgreSQL writes `2026-11-20 10:30:00.5+01`; here it is `2026-11-20T09:30:00.500Z`. */
export function isoOfDatabase(value: string): string {
  return new Date(value).toISOString();
}

export const time = () => p.type(IsoTime).$type<string>();

/** A list, kept as `jsonb`. */
export const list = <Item>() => p.json<Item[]>();

/** The columns of a table are exactly the fields of its row. Use: `properties: {…} satisfies Columns<SomeRow>`. */
export type Columns<Row> = Record<keyof Row, unknown>;

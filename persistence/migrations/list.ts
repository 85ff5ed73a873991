import { CreateTables } from './m20261120-tables.ts';
import { CreateLedger } from './m20261121-ledger.ts';

/** Every migration, oldest first. A released one is never changed: a change is a new one at the end. */
export const migrations = [
  { name: '20261120-tables', class: CreateTables },
  { name: '20261121-ledger', class: CreateLedger },
];

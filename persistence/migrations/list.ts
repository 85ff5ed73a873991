import { CreateTables } from './m20261120-tables.ts';
import { CreateLedger } from './m20261121-ledger.ts';
import { CreateModelCalls } from './m20261122-model-calls.ts';
import { AddRefinement } from './m20261123-refinement.ts';
import { CreateSurfaces } from './m20261124-surfaces.ts';
import { CreateReminders } from './m20261125-reminders.ts';
import { AddClosedSprints } from './m20261126-closed-sprints.ts';
import { CreateLinkedAccounts } from './m20261127-linked-accounts.ts';
import { AddReverts } from './m20261128-reverts.ts';
import { TellChangesApart } from './m20261129-changes-waited-for.ts';
import { CreateLessons } from './m20261130-lessons.ts';

/** Every migration, oldest first. A released one is never changed: a change is a new one at the end. */
export const migrations = [
  { name: '20261120-tables', class: CreateTables },
  { name: '20261121-ledger', class: CreateLedger },
  { name: '20261122-model-calls', class: CreateModelCalls },
  { name: '20261123-refinement', class: AddRefinement },
  { name: '20261124-surfaces', class: CreateSurfaces },
  { name: '20261125-reminders', class: CreateReminders },
  { name: '20261126-closed-sprints', class: AddClosedSprints },
  { name: '20261127-linked-accounts', class: CreateLinkedAccounts },
  { name: '20261128-reverts', class: AddReverts },
  { name: '20261129-changes-waited-for', class: TellChangesApart },
  { name: '20261130-lessons', class: CreateLessons },
];

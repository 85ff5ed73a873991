import * as z from 'zod';
import { defineEvent } from '../define-event.ts';

/**
 * Everything stands still, and goes on. Both are facts of the whole factory, and their few facts are read from the
 * ledger itself, so they have no table.
 */
export const haltEvents = {
  /** A person halted all work. The artifact is why, in their words; null: they gave no reason. */
  'factory.halted': defineEvent({ version: 1, body: z.strictObject({}), rows: () => [] }),
  /** An approver lets it go on. */
  'factory.resumed': defineEvent({ version: 1, body: z.strictObject({}), rows: () => [] }),
};

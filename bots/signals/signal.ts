import * as z from 'zod';
import { severities } from '#src/reflection/incidents/incident.ts';

/** Ahead of our clock by more than this, a time cannot be right. */
export const MAX_AHEAD_MS = 5 * 60_000;

const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_VALUES = 500;
const MAX_KEY_CHARACTERS = 100;
const MAX_TEXT_CHARACTERS = 4_000;

/** One word: it is said on cards and in stories, and must not be a sentence of its own. */
const name = z
  .string('must be a text')
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,98}[A-Za-z0-9])?$/,
    'must be 1 to 100 letters, digits and . _ : / - without spaces, such as checkout-api',
  );

const details = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .superRefine((value, context) => {
    const message = tooMuch(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** What a service says of itself. */
export const Signal = z.strictObject(
  {
    timestamp: z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-22T09:30:00Z' }),
    service: name,
    signal: name,
    severity: z.enum(severities, `must be one of ${severities.join(', ')}`),
    details,
    /** Its slug; needed where there are several. */
    project: z.string('must be a text').min(1, 'must not be empty').max(100, 'is too long').optional(),
  },
  'must be an object',
);
export type Signal = z.infer<typeof Signal>;

/** What of the details goes beyond the limits, in words; null: nothing does. */
function tooMuch(root: unknown): string | null {
  let values = 0;
  const look = (value: unknown, depth: number): string | null => {
    values += 1;
    if (values > MAX_VALUES) return `must hold at most ${MAX_VALUES} values`;
    if (typeof value === 'string' && value.length > MAX_TEXT_CHARACTERS) {
      return `must hold texts of at most ${MAX_TEXT_CHARACTERS} characters`;
    }
    if (typeof value !== 'object' || value === null) return null;
    if (depth === MAX_DEPTH) return `must be at most ${MAX_DEPTH} levels deep`;
    const entries = Object.entries(value);
    if (entries.length > MAX_ENTRIES) return `must hold at most ${MAX_ENTRIES} entries in one place`;
    for (const [key, entry] of entries) {
      if (key.length > MAX_KEY_CHARACTERS) return `must have names of at most ${MAX_KEY_CHARACTERS} characters`;
      const message = look(entry, depth + 1);
      if (message !== null) return message;
    }
    return null;
  };
  return look(root, 0);
}

/** The first that is wrong, as a sentence that names its field. */
export function faultIn({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return 'The signal cannot be read.';
  if (first.code === 'unrecognized_keys') return `The field "${first.keys[0]?.slice(0, 60)}" is not known.`;
  const field = first.path.join('.').slice(0, 100);
  if (field === '') return `The signal ${first.message}.`;
  const isMissing = first.code === 'invalid_type' && first.input === undefined;
  return isMissing ? `The field "${field}" is missing.` : `The field "${field}" ${first.message}.`;
}

/** A signal as it waits in the inbox: checked, of one project, and without what would be a secret. */
export const KeptSignal = z.strictObject({
  /** Unique: of the signature, which is of the time and of every byte. */
  key: z.string(),
  projectId: z.string(),
  service: z.string(),
  signal: z.string(),
  severity: z.enum(severities),
  /** ISO 8601 UTC with milliseconds. */
  at: z.string(),
  details: z.unknown(),
});
export type KeptSignal = z.infer<typeof KeptSignal>;

/** Small questions to ask of JSON that somebody else wrote. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or null for anything else and for one that is blank. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

const isoWithDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * ISO 8601 in UTC of a time as exports write it: seconds or milliseconds since 1970, or an ISO string (without a zone
 * it counts as UTC). Null for anything that names no day.
 */
export function instantOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    // Seconds reach 10^11 in the year 5138; a larger number is milliseconds.
    const date = new Date(value < 1e11 ? value * 1000 : value);
    return Number.isNaN(date.getTime()) ? null : date.toISOString();
  }
  if (typeof value !== 'string') return null;
  const match = isoWithDate.exec(value.trim());
  if (match === null) return null;
  const plain = value.trim().replace(' ', 'T');
  const date = new Date(match[1] !== undefined || plain.length === 10 ? plain : `${plain}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

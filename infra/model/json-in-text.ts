/**
 * The JSON text that a model meant, without what it put around it: a code fence, a sentence before or after.
 * null: there is none that parses.
 */
export function jsonInText(text: string): string | null {
  for (const candidate of candidates(text)) if (isJson(candidate)) return candidate;
  return null;
}

function* candidates(text: string): Generator<string> {
  yield text.trim();
  for (const [, fenced = ''] of text.matchAll(/```[a-z]*\s*\n([\s\S]*?)```/gi)) yield fenced.trim();
  const from = text.search(/[[{]/);
  if (from === -1) return;
  const to = text.lastIndexOf(text[from] === '{' ? '}' : ']');
  if (to > from) yield text.slice(from, to + 1);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The object that `text` is the JSON of, or null. */
export function readObject(text: string): { readonly [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

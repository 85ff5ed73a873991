/**
 * Marks that ChatGPT puts where its page shows a source chip. Seen in exports: `【11†source】`, `【oaicite:0】`,
 * `:contentReference[oaicite:0]{index=0}`, and since 2025 spans from U+E200 to U+E201 with U+E202 between the fields.
 * Real text in the same brackets (they are ordinary quotation marks in Chinese and Japanese) stays.
 */
const bracketed = /[ \t]?【(?:[^【】\n]*†[^【】\n]*|\d+(?::\d+)*|oaicite[^【】\n]*|(?:turn\d+\w+[,、\s]*)+)】/g;
const contentReference = /:?contentReference\[oaicite:[^[\]\n]{0,80}\](?:\{[^{}\n]{0,80}\})?/g;
const span = /\ue200([^\ue200\ue201]*)\ue201/g;
const unclosedSpan = /\ue200[^\s\ue200\ue201]*/g;
const strayMarks = /[\ue200-\ue2ff]/g;

/** Spans whose second field is text that the reader saw; the others (cite, filecite, navlist, …) show only a chip. */
const shownSpans: ReadonlySet<string> = new Set(['entity', 'link_title', 'url', 'link']);

function shownText(inside: string): string {
  const [kind = '', first = ''] = inside.split('\ue202');
  if (!shownSpans.has(kind) || /^turn\d+/.test(first)) return '';
  if (kind !== 'entity') return first;
  try {
    const fields: unknown = JSON.parse(first);
    return Array.isArray(fields) && typeof fields[1] === 'string' ? fields[1] : '';
  } catch {
    return '';
  }
}

/** The text without its citation marks; spans that stood for visible words become those words. */
export function stripCitationMarkers(text: string): string {
  return text
    .replace(bracketed, '')
    .replace(contentReference, '')
    .replace(span, (_whole, inside: string) => shownText(inside))
    .replace(unclosedSpan, '')
    .replace(strayMarks, '');
}

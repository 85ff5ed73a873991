/** "As a … I want … so that …" as somebody told it. */
export interface UserStory {
  persona: string;
  want: string;
  /** null: no reason was given. */
  reason: string | null;
}

const story =
  /\bas an? ([\p{L}\p{N}][\p{L}\p{N} /'-]{1,40}?)\s*[,:–—-]?\s+(?:i|we)(?:'d| would)? (?:also |really )?(?:want|need|like|must be able|should be able|wish|can|must)\s*(?:to\b|that\b)?\s*(.{3,400}?)(?:[,;\s–—-]+(?:so that|so|in order that|in order to|because)\s+(.{3,300}?))?(?=[.!?]+(?:\s|["”]|$)|["”]|\s[-–—]\s|\n\s*\n|\n\s*[-*]|$)/giu;

/** All user stories in a piece of prose, in order. A story may run over a line break. */
export function findUserStories(prose: string): (UserStory & { at: number; length: number })[] {
  const text = prose.replaceAll(/[’‘]/g, "'").replaceAll(/(?<!\n)\n(?!\n|\s*[-*])/g, ' ');
  if (!/\bas an? /i.test(text)) return [];
  const found: (UserStory & { at: number; length: number })[] = [];
  for (const match of text.matchAll(story)) {
    const [whole, persona = '', want = '', reason] = match;
    found.push({
      persona: persona.trim(),
      want: want.trim(),
      reason: reason?.trim() ?? null,
      at: match.index,
      length: whole.length,
    });
  }
  return found;
}

/**
 * How servers say that no answer may be as long as was asked for: OpenAI ("supports at most 16384 completion tokens"),
 * Anthropic ("100000 > 8192, which is the maximum allowed number of output tokens"), Groq ("must be less than or equal
 * to `8192`").
 */
const WORDINGS = [
  /at most (\d+) (?:completion|output) tokens/i,
  /> (\d+), which is the maximum allowed number of output tokens/i,
  /max_(?:completion_)?tokens`? must be less than or equal to `?(\d+)/i,
];

/** The longest answer that the server gives, in tokens, if that is what it complains of; null: it is not. */
export function answerLimitIn(complaint: string, asked: number): number | null {
  for (const wording of WORDINGS) {
    const limit = Number(wording.exec(complaint)?.[1] ?? 0);
    if (limit > 0 && limit < asked) return limit;
  }
  return null;
}

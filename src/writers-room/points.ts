/** Story points are Fibonacci numbers: the gaps grow as the guess gets worse. */
const scale: readonly { upTo: number; points: number }[] = [
  { upTo: 2, points: 1 },
  { upTo: 4, points: 2 },
  { upTo: 7, points: 3 },
  { upTo: 11, points: 5 },
  { upTo: 17, points: 8 },
  { upTo: Number.POSITIVE_INFINITY, points: 13 },
];

/**
 * A first guess that people may change: one for each criterion, one for each file and one for every 60 lines of code.
 * A story without code counts two in place of files and lines that nobody has seen yet.
 */
export function estimatePoints(story: {
  criteria: number;
  edits: readonly { path: string; content: string }[];
}): number {
  const files = new Set(story.edits.map((edit) => edit.path)).size;
  const lines = story.edits.reduce((sum, edit) => sum + edit.content.split('\n').length, 0);
  const size = story.criteria + (files === 0 ? 2 : files + Math.floor(lines / 60));
  return scale.find((step) => size <= step.upTo)?.points ?? 13;
}

import type { QueueEntry } from '#src/intake/queue-file/read-queue.ts';

/** An entry as its author would have put it into an issue: what is listed stands under the heading that says what it is. */
export function wordsOf({ title, intent, acceptanceCriteria, constraints, contextPaths }: QueueEntry): string {
  return [
    title.replaceAll(/\s+/g, ' '),
    closed(intent),
    section('Acceptance criteria', acceptanceCriteria),
    section('Constraints', constraints),
    section('Context paths', contextPaths),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(heading: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [`## ${heading}`, '', ...items.map((item) => `- ${item}`)].join('\n');
}

/** A fence that is left open would swallow the lists behind it. */
function closed(text: string): string {
  const open = text.split('\n').reduce<string | null>((fence, line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]?.slice(0, 3) ?? null;
    if (mark === null) return fence;
    return fence === null ? mark : fence === mark ? null : fence;
  }, null);
  return open === null ? text : `${text}\n${open}`;
}

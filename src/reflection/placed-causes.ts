import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import type { Reach } from './failures.ts';
import type { Period } from './period.ts';
import { within } from './period.ts';
import { plannedPathsOf } from './planned-paths.ts';
import type { TaskHistory } from './task-history.ts';

/** Work in one folder that came back for the same cause in several tasks. */
export interface PlacedCause extends Reach {
  /** `changes-requested`, `rejected` or `attempts-used-up`. */
  code: string;
  /** Folder, such as `src/cart`. */
  place: string;
}

const MIN_TASKS = 3;
/** Causes that speak of the work itself, and not of what happened around it. */
const OF_THE_WORK = ['changes-requested', 'rejected', 'attempts-used-up'];

/** By the folders that the plans of the tasks name; tasks without a readable plan are nowhere. */
export async function readPlacedCauses(
  histories: readonly TaskHistory[],
  period: Period,
  artifacts: ArtifactReader,
): Promise<PlacedCause[]> {
  const found = new Map<string, PlacedCause & { from: Set<string> }>();
  for (const history of histories) {
    const causes = causesIn(history, period);
    if (causes.length === 0) continue;
    const paths = (await plannedPathsOf(history, artifacts)) ?? [];
    const places = new Set(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
    for (const place of places) {
      if (place === '') continue;
      for (const { code, seq } of causes) {
        const { repoId, number, conversationId } = history;
        const key = `${repoId}/${code}/${place}`;
        const cause = found.get(key) ?? {
          ...{ code, place, repoId, taskNumbers: [], conversations: 0, seqs: [], from: new Set<string>() },
        };
        found.set(key, cause);
        cause.from.add(conversationId);
        cause.conversations = cause.from.size;
        if (!cause.taskNumbers.includes(number)) cause.taskNumbers.push(number);
        cause.seqs.push(seq);
      }
    }
  }
  return [...found.values()]
    .filter(({ taskNumbers }) => taskNumbers.length >= MIN_TASKS)
    .map(({ from: _from, ...cause }) => cause)
    .toSorted((a, b) => b.taskNumbers.length - a.taskNumbers.length || (a.code + a.place < b.code + b.place ? -1 : 1));
}

function causesIn({ blocked, touches }: TaskHistory, period: Period): { code: string; seq: number }[] {
  return [
    ...blocked.filter(({ code }) => OF_THE_WORK.includes(code)),
    ...touches.filter(({ kind }) => kind === 'rejected').map(({ at, seq }) => ({ code: 'rejected', at, seq })),
  ].filter(({ at }) => within(period, at));
}

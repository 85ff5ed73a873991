import { compareOrder } from './compare-order.ts';

/** Lanes that are worked on at once. */
const AT_ONCE = 8;
/** What arrives so close together may arrive in the wrong order: nobody notices the wait, and the order is right. */
const GATHER_MS = 30;

export type Work = () => Promise<void>;

export interface Place {
  /** Bodies of one lane are worked on in order, lanes beside each other. */
  lane: string;
  /** A person waits for it: it waits only for its own lane, never for a free place, nor for what may come before it. */
  isUrgent: boolean;
  /** The surface's own time or id of it; left out: as it arrived. */
  order?: string;
}

export interface Lanes {
  /** Keeps a place; `work` tells what is to be done there, null: nothing. Neither may throw. */
  add(place: Place, work: Promise<Work | null>): void;
  /** Waits until nothing is left to do. */
  settle(): Promise<void>;
}

/** Work of one lane is done in the order in which it was said, several lanes beside each other. */
export function createLanes(): Lanes {
  const ends = new Map<string, Promise<void>>();
  const kept = new Map<string, { place: Place; work: Promise<Work | null> }[]>();
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;

  const inPlace = async (work: Work): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };

  /** One at a time: what comes meanwhile takes its place among what waits. */
  const run = async (lane: string, { isUrgent, order }: Place): Promise<void> => {
    if (!isUrgent && order !== undefined) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    for (;;) {
      const queue = kept.get(lane) ?? [];
      const [first] = queue.toSorted((a, b) => compareOrder(a.place.order ?? '', b.place.order ?? ''));
      if (first === undefined) break;
      queue.splice(queue.indexOf(first), 1);
      const work = await first.work;
      if (work !== null) await (first.place.isUrgent ? work() : inPlace(work));
    }
    kept.delete(lane);
    ends.delete(lane);
  };

  return {
    add(place, work) {
      const { lane } = place;
      const queue = kept.get(lane);
      if (queue !== undefined) {
        queue.push({ place, work });
        return;
      }
      kept.set(lane, [{ place, work }]);
      ends.set(lane, run(lane, place));
    },
    async settle() {
      while (ends.size > 0) await Promise.all(ends.values());
    },
  };
}

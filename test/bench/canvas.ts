import { extractCanvas } from '#src/inception/extract.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { mapStories } from '#src/writers-room/keep-stories.ts';
import type { Measure } from './table.ts';
import { median, show, timeMs } from './table.ts';

const SIZES = [100, 1000, 10_000];
const RUNS = 5;
const THINGS = ['invoice', 'calendar', 'report', 'profile', 'search box', 'export', 'reminder', 'dashboard'];
const WISHES = [
  'should show the totals',
  'must work offline',
  'could be sorted by date',
  'needs a print view',
  'must send an email',
];

/** A talk of `size` messages: one in ten asks for something, some take it back, the rest is small talk. */
function talk(size: number): Conversation {
  return {
    id: `talk-${size}`,
    title: 'A long talk',
    source: 'transcript',
    skipped: [],
    messages: Array.from({ length: size }, (_, position) => ({
      position,
      speaker: position % 2 === 0 ? 'Ana' : 'Ben',
      role: 'person',
      at: null,
      originId: null,
      text: sentence(position),
    })),
  };
}

function sentence(position: number): string {
  const thing = `${THINGS[position % THINGS.length]} ${Math.floor(position / 40)}`;
  if (position % 10 === 0) return `The ${thing} ${WISHES[Math.floor(position / 10) % WISHES.length]}.`;
  if (position % 50 === 7)
    return `Let's drop the ${THINGS[(position - 7) % THINGS.length]} ${Math.floor(position / 40)} for now.`;
  return position % 2 === 0
    ? 'I see what you mean, that makes sense to me.'
    : 'Yes, and we talked about it last week as well.';
}

/** Time to draw the canvas and write the stories of a whole conversation anew. Linear when the last column stays level. */
export const canvasMeasure: Measure = {
  name: 'canvas',
  async run() {
    const rows: string[][] = [];
    for (const size of SIZES) {
      const conversation = talk(size);
      extractCanvas(conversation);
      const times: number[] = [];
      const storyTimes: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        times.push(await timeMs(() => extractCanvas(conversation)));
        const canvas = extractCanvas(conversation);
        storyTimes.push(await timeMs(() => mapStories(conversation, canvas)));
      }
      rows.push([
        show(size),
        show(median(times)),
        show((median(times) * 1000) / size),
        show(median(storyTimes)),
        show((median(storyTimes) * 1000) / size),
      ]);
    }
    return [
      {
        title: 'Canvas and stories of a conversation',
        columns: ['messages', 'canvas ms', 'µs a message', 'stories ms', 'µs a message'],
        rows,
      },
    ];
  },
};

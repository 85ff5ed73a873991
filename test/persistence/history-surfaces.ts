import { placeId, placeThreadId } from '#src/ledger/place.ts';
import type { Name, Record_ } from './history-task.ts';
import { draft } from './support.ts';

/** Channels that a project works in, one that it left, and the thread of a conversation. */
export async function writeSurfaces(record: Record_, id: Name, word: string): Promise<void> {
  const place = { surface: 'slack', team: 'T1', channel: id('C1') } as const;
  const bound = draft('channel.bound', { ...place, projectId: id('p'), name: word, listen: 'mentions' });
  await record(`channel:${placeId(place)}`, bound, {
    ...bound,
    body: { ...bound.body, listen: 'all' },
    at: '2026-11-20T09:00:01.000Z',
  });
  const left = { ...place, channel: id('C2') };
  await record(
    `channel:${placeId(left)}`,
    draft('channel.bound', { ...left, projectId: id('p'), name: word, listen: 'all' }),
    draft('channel.unbound', left),
  );
  const thread = { ...place, root: '1700000000.000100' };
  await record(`thread:${placeThreadId(thread)}`, draft('thread.joined', { ...thread, conversationId: id('talk') }));
}

import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import { type Place, placeId } from '#src/ledger/place.ts';
import type { ProjectChannelRow } from '#src/ledger/rows.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { DeskTools } from './desk-tools.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'clock'>;

/** The project that works in a channel, and how it listens there; null: none. */
export async function channelAt({ unitOfWork }: Tools, place: Place): Promise<ProjectChannelRow | null> {
  return unitOfWork.tables.get('project_channels', placeId(place));
}

/** Lets a project work in a channel. FactoryError `no-such-project`. The same again changes nothing. */
export async function bindChannel(
  tools: Tools,
  {
    actor,
    place,
    ...bound
  }: Pick<ProjectChannelRow, 'projectId' | 'name' | 'listen'> & { actor: string; place: Place },
): Promise<void> {
  if ((await tools.unitOfWork.tables.get('projects', bound.projectId)) === null) {
    throw new FactoryError('no-such-project', 'This project is not here any more.', { fix: 'Choose another one.' });
  }
  await append(tools, place, (now) => {
    const isSame = now?.projectId === bound.projectId && now.name === bound.name && now.listen === bound.listen;
    return isSame
      ? null
      : {
          ...factBy(actor, tools.clock.now().toISOString()),
          type: 'channel.bound',
          body: { ...placeOf(place), ...bound },
        };
  });
}

/** From here on nothing new starts in the channel; what was begun there goes on. */
export async function unbindChannel(tools: Tools, actor: string, place: Place): Promise<void> {
  await append(tools, place, (now) =>
    now === null
      ? null
      : { ...factBy(actor, tools.clock.now().toISOString()), type: 'channel.unbound', body: placeOf(place) },
  );
}

async function append(
  { unitOfWork }: Tools,
  place: Place,
  decide: (now: ProjectChannelRow | null) => EventDraft | null,
): Promise<void> {
  const stream = `channel:${placeId(place)}`;
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const { length } = await transaction.events(stream);
      const event = decide(await transaction.tables.get('project_channels', placeId(place)));
      if (event !== null) transaction.append(stream, length, [event]);
    }),
  );
}

function placeOf({ surface, team, channel }: Place): Place {
  return { surface, team, channel };
}

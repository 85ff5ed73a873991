import { FACTORY_STREAM, foldHalts } from '#src/code-factory/halt.ts';
import type { Halt } from '#src/code-factory/halt.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { PostDraft } from '#src/ports/chat.ts';
import { utcMinute } from '#src/reflection/utc-minute.ts';
import { card } from './cards/card-parts.ts';
import { HOW_TO_GO_ON } from './cards/halt-sentence.ts';
import { reasonOf } from './halt.ts';
import { factory, post } from './redraw.ts';
import type { Views } from './redraw.ts';

/** One notice in each project's channel: who halted the factory, when, and how it goes on; then who let it. */
export async function drawHalt(views: Views, event: RecordedEvent): Promise<PostDraft[]> {
  const halt = foldHalts(await views.ledger.stream(FACTORY_STREAM)).findLast(({ seq }) => seq <= event.seq);
  if (halt === undefined) return [];
  const drawn = haltCard(halt, await reasonOf(views.artifacts, halt));
  const projects = await views.tables.find('projects', {}, { orderBy: 'createdAt' });
  return projects
    .filter(({ createdAt }) => createdAt <= halt.at)
    .map(({ id }) => post(`halt:${halt.seq}:${id}`, { kind: 'project', id }, factory, drawn));
}

function haltCard({ by, at, resumed }: Halt, reason: string | null): PostDraft['card'] {
  const lead =
    resumed === null ? `${by} halted the factory: nothing works, and nothing is merged.` : `${by} halted the factory.`;
  const facts = [
    { label: 'Since', value: utcMinute(at) },
    ...(reason === null ? [] : [{ label: 'Why', value: reason }]),
  ];
  return card('notice', lead, {
    tone: resumed === null ? 'bad' : 'plain',
    blocks: [
      { type: 'facts', facts },
      ...(resumed === null ? [{ type: 'text' as const, text: `Tasks keep their place. ${HOW_TO_GO_ON}` }] : []),
    ],
    outcome: resumed === null ? null : `${resumed.by} let it go on at ${utcMinute(resumed.at)}.`,
  });
}

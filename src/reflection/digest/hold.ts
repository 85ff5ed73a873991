import { jsonArtifact } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { readHistories } from '../read-histories.ts';
import { isQuiet } from '../retrospective.ts';
import { askAboutLessons } from './ask-about-lessons.ts';
import { contentOfHeld } from './held.ts';
import type { HeldContent } from './held.ts';
import { lookBack, tell } from './look-back.ts';
import { namedTasks } from './named-tasks.ts';
import { retrospectivePage } from './page.ts';
import type { Turn } from './week.ts';

interface Tools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
}

const stream = (projectId: string): string => `retrospectives:${projectId}`;

/**
 * Looks back on one week of a project, once: lessons are offered first, then the week is written down. Answers whether it
 * was this call that wrote it; false where it is written already, or another process is at it.
 */
export async function holdRetrospective(tools: Tools, { projectId, ...turn }: Turn & { projectId: string }) {
  const { unitOfWork } = tools;
  const hold = async (): Promise<boolean> => {
    const before = await unitOfWork.tables.find('retrospectives', { projectId }, { orderBy: '-until' });
    if (before.some(({ week }) => week === turn.week)) return false;
    const reading = await readHistories(unitOfWork.ledger);
    const back = await lookBack(unitOfWork, reading, { projectId, period: turn.period });
    const asked = await askAboutLessons(tools, back, before);
    const notAgain = (await contentOfHeld(unitOfWork, before[0]))?.retrospective.better?.lessonId ?? null;
    const told = await tell(unitOfWork, back, { asked, notAgain });
    const content: HeldContent = { ...told, markdown: retrospectivePage(turn.week, told) };
    return record(tools, turn, {
      ...{ projectId, content },
      lessonIds: asked.map(({ id }) => id),
      taskIds: namedTasks(back.analysis, reading.histories, [
        ...asked,
        ...back.lessons.filter(({ id }) => id === told.retrospective.better?.lessonId),
      ]),
    });
  };
  const locked = await unitOfWork.withLock(stream(projectId), hold);
  return locked.ran && locked.value;
}

async function record(
  { unitOfWork, clock, ids }: Tools,
  { week, period }: Turn,
  held: { projectId: string; content: HeldContent; lessonIds: string[]; taskIds: string[] },
): Promise<boolean> {
  const { projectId, content, lessonIds, taskIds } = held;
  // Two projects, or two weeks, may say the same word for word; the words of one must not keep those of the other.
  const artifact = jsonArtifact('retrospective', { projectId, week, ...content });
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const events = await transaction.events(stream(projectId));
      const isHeld = (await transaction.tables.find('retrospectives', { projectId, week }, { limit: 1 })).length > 0;
      if (isHeld) return false;
      transaction.putArtifact(artifact);
      transaction.append(stream(projectId), events.length, [
        {
          ...factBy('persona:moltbot', clock.now().toISOString()),
          agent: 'moltbot',
          artifact: artifact.hash,
          idempotencyKey: `retrospective:${projectId}/${week}`,
          type: 'retrospective.held',
          body: {
            retrospectiveId: ids.next(),
            ...{ projectId, week, lessonIds, taskIds, ...period },
            isQuiet: isQuiet(content.retrospective),
          },
        },
      ]);
      return true;
    }),
  );
}

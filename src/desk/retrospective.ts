import { lookBack, openLessons, tell } from '#src/reflection/digest/look-back.ts';
import { lastWeek } from '#src/reflection/period.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import type { DeskTools } from './desk-tools.ts';
import { oneLine } from './one-line.ts';

/** The last seven days of a project, with the lessons that wait for a yes. Nothing is written down or offered. */
export async function retrospectiveAnswer(
  { unitOfWork, clock }: Pick<DeskTools, 'unitOfWork' | 'clock'>,
  projectId: string,
): Promise<string> {
  const period = lastWeek(clock.now());
  const back = await lookBack(unitOfWork, await readHistories(unitOfWork.ledger), { projectId, period });
  const { retrospective } = await tell(unitOfWork, back, { asked: openLessons(back.lessons) });
  return renderRetrospective(retrospective, oneLine).trimEnd();
}

import { analyse } from '#src/reflection/analyse.ts';
import { lastWeek } from '#src/reflection/period.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { retrospect } from '#src/reflection/retrospective.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import type { DeskTools } from './desk-tools.ts';
import { oneLine } from './one-line.ts';

/** The last seven days of a project: what was shipped, what hurt, what to try. */
export async function retrospectiveAnswer(
  { unitOfWork, clock }: Pick<DeskTools, 'unitOfWork' | 'clock'>,
  projectId: string,
): Promise<string> {
  const period = lastWeek(clock.now());
  const analysis = await analyse(unitOfWork, await readHistories(unitOfWork.ledger), { projectId, period });
  return renderRetrospective(await retrospect(unitOfWork.tables, analysis), oneLine).trimEnd();
}

import { FactoryError } from '#src/errors.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import { isPerson } from '../lessons/decide-lesson.ts';
import { incidentStream, isOpen } from './incident.ts';
import { incidentOf } from './report.ts';
import type { IncidentTools } from './report.ts';

type CloseTools = Pick<IncidentTools, 'unitOfWork' | 'clock'>;

/** A person says that it is over. FactoryError `incident-needs-person`, `no-such-incident` and `incident-closed`. */
export async function closeIncident(
  tools: CloseTools,
  { incidentId, actor }: { incidentId: string; actor: string },
): Promise<void> {
  if (!isPerson(actor)) {
    throw new FactoryError('incident-needs-person', 'Only a person may say that trouble is over.', {
      fix: 'Leave it to the people of the project.',
    });
  }
  if (await close(tools, incidentId, actor)) return;
  throw new FactoryError('incident-closed', 'This incident is closed already.', {
    fix: 'Nothing is left to do; when it comes back, it is a new one.',
  });
}

/** What told of it says itself that it is over. What is closed stays closed. */
export async function closeAsSolved(tools: CloseTools, incidentId: string): Promise<void> {
  await close(tools, incidentId, 'factory');
}

/** False: it was closed before. */
async function close({ unitOfWork, clock }: CloseTools, incidentId: string, actor: string): Promise<boolean> {
  const { projectId, fingerprint } = await incidentOf(unitOfWork.tables, incidentId);
  const stream = incidentStream(projectId, fingerprint);
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const events = await transaction.events(stream);
      if (!isOpen(events, incidentId)) return false;
      transaction.append(stream, events.length, [
        { type: 'incident.closed', body: { incidentId }, ...factBy(actor, clock.now().toISOString()) },
      ]);
      return true;
    }),
  );
}

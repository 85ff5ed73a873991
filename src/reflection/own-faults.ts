import type { OwnFault } from '#src/code-factory/own-fault.ts';
import type { Log } from '#src/ports/log.ts';
import { reportTrouble } from './incidents/report.ts';
import type { IncidentTools } from './incidents/report.ts';

/** The factory's own repository, where its faults are written down. */
export interface OwnProject {
  slug: string;
  /** Of the workbench that runs here. */
  version: string;
}

/**
 * Writes a fault of the factory down in its own project, whatever project it happened in: one incident for a code, and
 * for a place where nobody foresaw it. By the policy of that project it becomes a story, which a person may commit.
 */
export async function reportOwnFault(
  { log, ...tools }: IncidentTools & { log: Log },
  { slug, version }: OwnProject,
  { code, step, persona, errorName, frames }: OwnFault,
): Promise<void> {
  const [project] = await tools.unitOfWork.tables.find('projects', { slug }, { limit: 1 });
  if (project === undefined) {
    log.warn(
      { project: slug, code },
      'FACTORY_PROJECT names no project, so a fault of the factory was not written down',
    );
    return;
  }
  await reportTrouble(tools, {
    projectId: project.id,
    source: 'blocker',
    service: 'factory',
    signal: code === 'unexpected' ? `${code}:${placeIn(frames, step)}` : code,
    severity: 'error',
    details: { code, step, persona, error: errorName, version, frames },
    at: tools.clock.now().toISOString(),
  });
}

/** Without its line, which moves with every change of the file. */
function placeIn([innermost]: readonly string[], step: string): string {
  return innermost?.replace(/:\d+$/, '') ?? step;
}

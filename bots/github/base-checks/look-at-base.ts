import type { BranchChecks } from '#src/ports/branch-checks.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { ForgeCheck } from '#src/ports/forge.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { changeAt } from '#src/reflection/incidents/change-before.ts';
import { closeAsSolved } from '#src/reflection/incidents/close.ts';
import { nameOf } from '#src/reflection/incidents/incident.ts';
import { reportTrouble } from '#src/reflection/incidents/report.ts';
import { boundRepository } from '../intake/bound-repositories.ts';
import { pathOf } from '../github-tools.ts';

export interface BaseChecksTools {
  branchChecks: BranchChecks;
  unitOfWork: Pick<UnitOfWork, 'tables' | 'transact'>;
  clock: Clock;
  ids: Ids;
}

/**
 * Has checks that fail on the base branch of a bound repository be incidents, and closes those of checks that pass again.
 * What is true is read from GitHub, whoever said that something is other than before; a check counts once for each commit
 * that it failed on.
 */
export async function lookAtBase(tools: BaseChecksTools, repository: string): Promise<void> {
  const { branchChecks, unitOfWork, clock } = tools;
  const { tables } = unitOfWork;
  const bound = await boundRepository(tables, repository);
  if (bound === null) return;
  const { projectId } = bound;
  const path = pathOf(bound.repository);
  const [repo] = await tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 });
  const read = repo === undefined ? null : await branchChecks.read(path, repo.baseBranch);
  if (read === null) return;

  const { sha, runs } = read;
  const service = nameOf(bound.repository);
  for (const [signal, run] of worstByName(runs)) {
    if (run.state === 'failed') {
      const merged = await changeAt(tables, projectId, sha);
      await reportTrouble(tools, {
        ...{ projectId, source: 'check', service, signal, severity: 'error' },
        details: { check: run.name, commit: sha, page: run.url, says: run.summary },
        at: clock.now().toISOString(),
        told: [`${sha}/${signal}`],
        // Where the commit is nobody's task, the last one that was merged is looked up.
        ...(merged === null ? {} : { after: merged }),
      });
    } else if (run.state === 'passed') {
      const solved = { projectId, source: 'check', service, signal, status: 'open' } as const;
      for (const { id } of await tables.find('incidents', solved)) await closeAsSolved(tools, id);
    }
  }
}

/** From the state that says least of it to the one that says most. */
const TELLING: readonly ForgeCheck['state'][] = ['skipped', 'passed', 'pending', 'failed'];

/** Several may share a name: it passed once all of them did. */
function worstByName(runs: readonly ForgeCheck[]): Map<string, ForgeCheck> {
  const found = new Map<string, ForgeCheck>();
  for (const run of runs) {
    const name = nameOf(run.name);
    const known = found.get(name);
    if (known === undefined || TELLING.indexOf(run.state) > TELLING.indexOf(known.state)) found.set(name, run);
  }
  return found;
}

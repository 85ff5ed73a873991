import manifest from '../../package.json' with { type: 'json' };
import type { OwnFault } from '../code-factory/own-fault.ts';
import type { CheckView } from '../desk/desk.ts';
import type { Log } from '../ports/log.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { IncidentTools } from '../reflection/incidents/report.ts';
import { reportOwnFault } from '../reflection/own-faults.ts';

/** Where faults of the factory itself are told of. `slug` null: nowhere but on the task that they stopped. */
export function openOwnProject(
  slug: string | null,
  tools: IncidentTools & { log: Log },
): { onOwnFault?: (fault: OwnFault) => Promise<void> } {
  if (slug === null) return {};
  const own = { slug, version: manifest.version };
  return { onOwnFault: (fault) => reportOwnFault(tools, own, fault) };
}

export async function checkOwnProject(
  slug: string | null,
  { tables }: Pick<UnitOfWork, 'tables'>,
): Promise<CheckView[]> {
  if (slug === null) return [];
  const projects = await tables.find('projects', {}, { orderBy: 'slug' });
  const project = projects.find((one) => one.slug === slug);
  if (project !== undefined) {
    const detail = `Faults of the workbench itself become incidents of ${project.name}.`;
    return [{ name: 'own project', state: 'ok', detail, fix: null }];
  }
  const known = projects.map((one) => one.slug).join(', ');
  return [
    {
      name: 'own project',
      state: 'warning',
      detail: `FACTORY_PROJECT is ${slug}, and no project has that name, so faults of the workbench itself are not written down.`,
      fix:
        known === ''
          ? 'Bring in a project first.'
          : `Bring that project in, or set FACTORY_PROJECT to one of: ${known}.`,
    },
  ];
}

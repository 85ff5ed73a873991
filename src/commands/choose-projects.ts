import { FactoryError } from '#src/errors.ts';
import type { ProjectRow } from '#src/ledger/rows.ts';

/** The project of that name, as it is written or as its slug; without one, all. FactoryError `no-project`, `no-such-project`. */
export function chooseProjects(projects: readonly ProjectRow[], name: string | undefined): readonly ProjectRow[] {
  if (projects.length === 0) {
    throw new FactoryError('no-project', 'There is no project yet, so there is nothing to look back on.', {
      fix: 'Import a conversation or start one in the room first.',
    });
  }
  if (name === undefined) return projects;
  const wanted = name.trim().toLowerCase();
  const found = projects.filter((project) => project.slug === wanted || project.name.toLowerCase() === wanted);
  if (found.length > 0) return found;
  throw new FactoryError('no-such-project', `There is no project “${name}”.`, {
    fix: `Take one of these: ${projects.map((project) => project.name).join(', ')}.`,
  });
}

import { FactoryError } from '#src/errors.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';

/**
 * The id of a run by what people know of it: the id itself, a task's number (its latest run), or `PROJECT/NUMBER` where
 * several projects have that number. Throws FactoryError `run-not-found`.
 */
export async function findRun(tables: TableReader, wanted: string): Promise<string> {
  const [, slug, number] = /^(?:([\w-]+)\/)?(\d+)$/.exec(wanted) ?? [];
  if (number === undefined) {
    if ((await tables.get('work_runs', wanted)) !== null) return wanted;
    throw notFound(wanted, 'Name a task by its number, as 3, or a run by its id; the room shows both.');
  }
  const named = await tables.find('projects', slug === undefined ? {} : { slug });
  const tasks = await tables.find('story_tasks', { projectId: named.map(({ id }) => id), number: Number(number) });
  const slugOf = new Map(named.map((project) => [project.id, project.slug]));
  if (tasks.length > 1) {
    const choices = tasks.map(({ projectId }) => `${slugOf.get(projectId)}/${number}`).join(', ');
    throw notFound(wanted, `Several projects have a task ${number}: ${choices}.`);
  }
  const [task] = tasks;
  if (task === undefined) throw notFound(wanted, 'Look up the number in the backlog.');
  if (task.runId === null) throw notFound(wanted, `Task ${number} was not taken up yet.`);
  return task.runId;
}

function notFound(wanted: string, fix: string): FactoryError {
  return new FactoryError('run-not-found', `The ledger has no one run “${wanted}”.`, { fix });
}

import type { TableReader } from '#src/ports/unit-of-work.ts';

export interface BoundRepository {
  /** `OWNER/NAME`, as it was called when it was bound. */
  repository: string;
  projectId: string;
}

const PREFIX = 'github:';

/** The repositories on GitHub that projects work on now; of several projects on one, that which was bound to it last. */
export async function boundRepositories(tables: Pick<TableReader, 'find'>): Promise<BoundRepository[]> {
  const seen = new Set<string>();
  const found = new Map<string, BoundRepository>();
  for (const { projectId, path } of await tables.find('git_repos', {}, { orderBy: '-createdAt' })) {
    if (seen.has(projectId)) continue;
    seen.add(projectId);
    const id = path.toLowerCase();
    if (!path.startsWith(PREFIX) || found.has(id)) continue;
    found.set(id, { repository: path.slice(PREFIX.length), projectId });
  }
  return [...found.values()];
}

/** null: no project works on it. Two names that differ only by case are one on GitHub. */
export async function boundRepository(
  tables: Pick<TableReader, 'find'>,
  name: string,
): Promise<BoundRepository | null> {
  const bound = await boundRepositories(tables);
  return bound.find(({ repository }) => repository.toLowerCase() === name.toLowerCase()) ?? null;
}

import type { SurfaceDesk } from '#src/desk/desk.ts';
import type { PlaceThread } from '#src/ledger/place.ts';
import type { Log } from '#src/ports/log.ts';
import type { QueueFiles } from '#src/ports/queue-file.ts';
import type { TableReader, UnitOfWork } from '#src/ports/unit-of-work.ts';

/** What the handlers of queues stand on. */
export interface QueueTools {
  desk: Pick<SurfaceDesk, 'threadAt' | 'joinThread' | 'changeWords'>;
  files: QueueFiles;
  unitOfWork: Pick<UnitOfWork, 'tables' | 'conversations' | 'withLock'>;
  log: Log;
}

/** A folder of this machine that a project works on. */
export interface BoundFolder {
  projectId: string;
  path: string;
  baseBranch: string;
}

/** An entry of a folder's queue. */
export interface EntryRef {
  path: string;
  id: string;
}

/** The folders that projects work on now; of several projects on one, that which was bound to it last. */
export async function boundFolders(tables: Pick<TableReader, 'find'>): Promise<BoundFolder[]> {
  const projects = new Set<string>();
  const folders = new Map<string, BoundFolder>();
  for (const row of await tables.find('git_repos', {}, { orderBy: '-createdAt' })) {
    const { projectId, path, baseBranch, forge } = row;
    if (!projects.has(projectId) && forge === 'local' && !folders.has(path)) {
      folders.set(path, { projectId, path, baseBranch });
    }
    projects.add(projectId);
  }
  return [...folders.values()];
}

export function threadOf({ path, id }: EntryRef): PlaceThread {
  return { surface: 'queue-file', team: 'local', channel: path, root: encodeURIComponent(id) };
}

export function entryAt({ channel, root }: Pick<PlaceThread, 'channel' | 'root'>): EntryRef {
  return { path: channel, id: decodeURIComponent(root) };
}

/** The identity of an entry's words for good. */
export function originIdOf({ path, id }: EntryRef): string {
  return `queue-file/${path}#${id}`;
}

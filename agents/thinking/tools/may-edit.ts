import { filePath } from './repo-path.ts';
import { refused } from './refused.ts';

/** Why a path may not be changed, as a sentence; null: it may. */
export type MayEdit = (path: string) => string | null;

/** The path as git would write it. Throws FactoryError `tool-refused` when it may not be changed. */
export function editablePath(given: string, mayEdit: MayEdit): string {
  const path = filePath(given);
  const reason = mayEdit(path);
  if (reason !== null) throw refused(`You may not change ${JSON.stringify(path)}. ${reason}`, 'Work without it.');
  return path;
}

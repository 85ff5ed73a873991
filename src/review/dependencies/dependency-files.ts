import { lockReader } from './locks.ts';
import { manifestReader } from './manifests.ts';

/** Files whose texts, before and after, say what a change does to what is depended on. */
export function saysDependencies(path: string): boolean {
  return manifestReader(path) !== null || lockReader(path) !== null;
}

/** Written by a tool: its size says nothing of what a person has to read. */
export function isLockFile(path: string): boolean {
  return lockReader(path) !== null;
}

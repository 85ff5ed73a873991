import type { ChangeSet } from '#src/writers-room/change-set.ts';
import type { ChangeSetContent } from './task-brief.ts';

/** Pasted code stands in no message of the conversation. */
const NO_POSITION = -1;

/**
 * What a task brings once a person has pasted code into its thread: a whole file takes the place of all that was there
 * for its path, a diff applies on top, and files that were not pasted stay as they are.
 */
export function reviseChangeSet(
  current: ChangeSetContent,
  pasted: Pick<ChangeSet, 'edits' | 'leftOut'>,
  pastedBy: string,
): ChangeSetContent {
  const written = new Set(pasted.edits.filter((edit) => edit.kind === 'file').map((edit) => edit.path));
  const named = new Set(pasted.edits.map((edit) => edit.path));
  return {
    ...current,
    edits: [
      ...current.edits.filter((edit) => !written.has(edit.path)),
      ...pasted.edits.map((edit) => ({ ...edit, position: NO_POSITION, pastedBy })),
    ],
    leftOut: [
      ...current.leftOut.filter((left) => !named.has(left.path)),
      ...pasted.leftOut.map((left) => ({ ...left, position: NO_POSITION })),
    ],
  };
}

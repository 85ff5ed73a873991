import { draftReleaseNotes, renderReleaseNotes } from '#src/reflection/release-notes.ts';
import { readRelease } from '#src/reflection/read-release.ts';
import type { DeskTools } from './desk-tools.ts';
import { oneLine } from './one-line.ts';

/** Slack shows 4,000 characters of an answer; a phone shows a fraction of them at once. */
const MAX_CHARACTERS = 3500;

/** What a project merged, as it would be told to others. */
export async function releaseNotesAnswer(
  { unitOfWork }: Pick<DeskTools, 'unitOfWork'>,
  projectId: string,
): Promise<string> {
  const project = await unitOfWork.tables.get('projects', projectId);
  if (project === null) return 'This project is not here any more.';
  const notes = draftReleaseNotes(await readRelease(unitOfWork, project, null));
  return renderReleaseNotes(notes, { lineOf: oneLine, maxCharacters: MAX_CHARACTERS });
}

import { contentOf } from '#src/ledger/artifact.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';

const NO_CODE =
  'The conversation holds no code for it. Paste the code into the thread with the name of its file, or take the story yourself; its plan is kept.';

/** Why nothing can build a story now, and what a person can do about it. */
export async function whyNotStarted({ artifacts }: Pick<UnitOfWork, 'artifacts'>, story: StoryRow): Promise<string> {
  const artifact = await artifacts.get(story.draftArtifact);
  const draft = artifact === null ? null : (contentOf(artifact) as Partial<StoryDraft>);
  const [left] = draft?.leftOut ?? [];
  return left === undefined ? NO_CODE : `Its code cannot be used. ${left.path}: ${left.reason}`;
}

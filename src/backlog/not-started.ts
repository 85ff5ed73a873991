import { contentOf } from '#src/ledger/artifact.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';

/** Why no model writes a story: none is set, it was not asked for, or people or `factory.yaml` switched it off here. */
export type WhyNoModel = 'not-set' | 'not-asked' | 'off';

const OTHERWISE =
  'paste the code into the thread with the name of its file, or take the story yourself; its plan is kept.';
const NO_CODE: Readonly<Record<WhyNoModel, string>> = {
  'not-set': `The conversation holds no code for it. Set OPENAI_MODEL to have Ollan write it, ${OTHERWISE}`,
  'not-asked': `The conversation holds no code for it. Run it again with --write to have Ollan write it, ${OTHERWISE}`,
  off: `The conversation holds no code for it, and the model is off here. Switch it on to have Ollan write it, ${OTHERWISE}`,
};

/** Why nothing can build a story now, and what a person can do about it. */
export async function whyNotStarted(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  story: StoryRow,
  noModel: WhyNoModel = 'not-set',
): Promise<string> {
  const artifact = await artifacts.get(story.draftArtifact);
  const draft = artifact === null ? null : (contentOf(artifact) as Partial<StoryDraft>);
  const [left] = draft?.leftOut ?? [];
  return left === undefined ? NO_CODE[noModel] : `Its code cannot be used. ${left.path}: ${left.reason}`;
}

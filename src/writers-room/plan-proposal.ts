import { type Artifact, jsonArtifact } from '#src/ledger/artifact.ts';
import type { StoryDraft } from './story.ts';

/** How a story without code would be gone about: a start for whoever takes it up, never a change. */
export interface PlanProposal {
  title: string;
  narrative: string;
  steps: { text: string; criterionId: string | null }[];
  gherkin: string;
}

/** One failing test for each criterion first, then the code. Only what was said goes in. */
export function proposePlan(draft: StoryDraft): Artifact {
  const proposal: PlanProposal = {
    title: draft.title,
    narrative: draft.narrative,
    steps: [
      ...draft.criteria.map(({ id, text }) => ({
        text: `Write a test that fails until this holds: ${text}`,
        criterionId: id,
      })),
      { text: 'Write the code that makes them pass, and nothing more.', criterionId: null },
    ],
    gherkin: draft.gherkin,
  };
  return jsonArtifact('plan-proposal', proposal);
}

import * as z from 'zod';

const evidence = z.array(z.int());

/** A conversation's code as the brief carries it (`src/writers-room/change-set.ts`). */
export const ChangeSetContent = z.object({
  key: z.string(),
  requestPosition: z.int(),
  acceptance: z.enum(['accepted', 'unconfirmed']),
  acceptedBy: z.int().nullable(),
  edits: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['file', 'diff']),
      content: z.string(),
      position: z.int(),
      isTest: z.boolean(),
      /** The person who pasted it into the task's thread later; `position` then names no message. */
      pastedBy: z.string().optional(),
    }),
  ),
  leftOut: z.array(z.object({ path: z.string(), position: z.int(), reason: z.string() })),
});

export type ChangeSetContent = z.infer<typeof ChangeSetContent>;

/** The merged task that a revert takes back, as people are told of it. */
export const RevertedTask = z.object({ number: z.int(), title: z.string(), mergedSha: z.string() });
export type RevertedTask = z.infer<typeof RevertedTask>;

/** All that the line needs to know of a committed story, kept as one artifact: what was said, not how it is done. */
export const TaskBrief = z.object({
  title: z.string(),
  narrative: z.string(),
  points: z.int(),
  conversationId: z.string(),
  conversationTitle: z.string(),
  evidence,
  criteria: z
    .array(
      z.object({
        id: z.string(),
        text: z.string(),
        given: z.array(z.string()),
        when: z.array(z.string()),
        then: z.array(z.string()),
        evidence,
      }),
    )
    .min(1),
  gherkin: z.string(),
  constraints: z.array(z.string()),
  openQuestions: z.array(z.string()),
  /** Speakers by position, for crediting where code came from. */
  speakers: z.record(z.string(), z.string()),
  /** null: the conversation holds no code for it; a model writes it, or a person pastes it later. */
  changeSet: ChangeSetContent.nullable(),
  /** Only in a revert: there is nothing to write, git undoes what that task merged. */
  reverts: RevertedTask.optional(),
});
export type TaskBrief = z.infer<typeof TaskBrief>;

/** One file or diff of the conversation's code. */
export type BriefEdit = ChangeSetContent['edits'][number];

/** The conversation's code for this task; none where a model or a person writes it. */
export function editsOf(brief: TaskBrief): readonly BriefEdit[] {
  return brief.changeSet?.edits ?? [];
}

import * as z from 'zod';
import { contentOf } from '#src/ledger/artifact.ts';
import type { RetrospectiveRow } from '#src/ledger/reflection-rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

const asked = z.object({
  lessonId: z.string(),
  number: z.number(),
  text: z.string(),
  asks: z.enum(['accept', 'retire']),
  effect: z.string().nullable(),
});

/** What a held retrospective said, as its artifact keeps it. */
const heldContent = z.object({
  retrospective: z.object({
    project: z.string(),
    from: z.string(),
    until: z.string(),
    better: z.object({ lessonId: z.string(), text: z.string() }).nullable(),
    shipped: z.array(
      z.object({ taskId: z.string(), number: z.number(), title: z.string(), url: z.string().nullable() }),
    ),
    hurt: z.array(z.object({ text: z.string(), seqs: z.array(z.number()) })),
    learned: z.array(asked),
    toTry: z.array(z.string()),
    numbers: z.array(z.object({ name: z.string(), value: z.string(), trend: z.array(z.number().nullable()) })),
    caveats: z.array(z.string()),
  }),
  details: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })),
  /** The page, as it may be kept in the repository. */
  markdown: z.string(),
});

export type HeldContent = z.infer<typeof heldContent>;

/** What a held one said; null: its words were erased, or there is none. */
export async function contentOfHeld(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  row: RetrospectiveRow | undefined,
): Promise<HeldContent | null> {
  const artifact = row === undefined ? null : await artifacts.get(row.artifact);
  return artifact === null ? null : (heldContent.safeParse(contentOf(artifact)).data ?? null);
}

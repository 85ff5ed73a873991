import * as z from 'zod';
import { visionSlots } from './canvas.ts';

const evidence = z.array(z.int());
const item = z.strictObject({ text: z.string(), evidence });

/**
 * What a model adds to what the rules found. It only adds: what people said keeps their words, and what they took back
 * stays away. Every entry names the messages that it rests on by their position.
 */
export const Refinement = z.strictObject({
  vision: z.array(z.strictObject({ slot: z.enum(visionSlots), value: z.string(), evidence })),
  features: z.array(z.strictObject({ text: z.string(), persona: z.string().nullable(), evidence })),
  goals: z.array(item),
  constraints: z.array(item),
  openQuestions: z.array(item),
  stories: z.array(
    z.strictObject({
      key: z.string(),
      /** null: the present one stays. */
      title: z.string().nullable(),
      narrative: z.string().nullable(),
      criteria: z.array(
        z.strictObject({
          text: z.string(),
          given: z.array(z.string()),
          when: z.array(z.string()),
          then: z.array(z.string()),
          evidence,
        }),
      ),
    }),
  ),
});
export type Refinement = z.infer<typeof Refinement>;

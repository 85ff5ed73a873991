import type { PackRequest } from '#src/context-pack/pack.ts';

/** A task without anything but a title; tests add what they are about. */
export function packRequest(parts: Partial<PackRequest> & { files?: Readonly<Record<string, string>> }): PackRequest {
  const { files = {}, ...rest } = parts;
  return {
    budgetTokens: 4000,
    project: { goal: null, rules: [], terms: [], done: [], protectedAreas: [] },
    task: { title: 'Greet by name', narrative: '', criteria: [], constraints: [], openQuestions: [] },
    packets: [],
    steering: [],
    evidence: [],
    focus: [],
    repository: { paths: Object.keys(files), texts: new Map(Object.entries(files)), history: [] },
    lessons: [],
    notes: [],
    ...rest,
  };
}

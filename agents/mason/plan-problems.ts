import * as z from 'zod';
import { checkFilePath } from '#src/intake/file-path.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import type { TreeEntry } from '#src/ports/workspace.ts';
import { protectingPattern } from '#src/qa/protected-paths.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';

/** What Mason's model may answer. */
export const PlanAnswer = z.strictObject({
  steps: z.array(z.strictObject({ text: z.string(), files: z.array(z.string()) })),
  fileTargets: z.array(
    z.strictObject({
      path: z.string(),
      action: z.enum(['create', 'replace', 'patch', 'edit', 'delete']),
      why: z.string(),
      /** Numbers of messages, counted from 1 as people count them. */
      messages: z.array(z.int()),
    }),
  ),
  criteriaCovered: z.array(z.string()),
  tests: z.array(z.string()),
  docs: z.array(z.string()),
  risks: z.array(z.string()),
  rollback: z.string(),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** A plan over this is not one change. */
export const MAX_TARGETS = 30;
/** Beyond what a step or a list can usefully say. */
const MAX_STEPS = 20;
const MAX_PROBLEMS = 20;

export interface PlanGround {
  scope: Pick<ScopePacket, 'criteria' | 'protectedAreas'>;
  tree: readonly TreeEntry[];
  /** Targets of the conversation's code, which stay as they are; empty where it holds none. */
  fixed: readonly Pick<PlanPacket['fileTargets'][number], 'path'>[];
  /** By position, from 0. */
  hasMessage(position: number): boolean;
}

/** What is wrong with a plan, against the real tree and the scope, in sentences for whoever wrote it. */
export function planProblems(plan: PlanAnswer, ground: PlanGround): string[] {
  const fixed = new Set(ground.fixed.map(({ path }) => path));
  const own = plan.fileTargets.filter(({ path }) => !fixed.has(path));
  const named = new Set([...fixed, ...own.map(({ path }) => path)]);
  const ids = new Set(ground.scope.criteria.map(({ id }) => id));
  const unknown = plan.criteriaCovered.filter((id) => !ids.has(id));
  const problems = [
    ...own.flatMap((target) => targetProblem(target, ground) ?? []),
    ...own
      .flatMap(({ messages }) => messages)
      .filter((number) => !ground.hasMessage(number - 1))
      .map((number) => `There is no message ${number}.`),
    ...twice(plan.fileTargets.map(({ path }) => path)).map((path) => `${quote(path)} is named twice as a target.`),
    ...plan.fileTargets
      .filter(({ path, action }) => fixed.has(path) && action === 'delete')
      .map(({ path }) => `${quote(path)} comes with the conversation's code and cannot be deleted.`),
    ...(fixed.size + own.length > MAX_TARGETS && own.length > 0
      ? [`There are ${fixed.size + own.length} targets; at most ${MAX_TARGETS} are one change.`]
      : []),
    ...(named.size === 0 ? ['The plan names no file.'] : []),
    ...(plan.steps.length === 0 && fixed.size === 0 ? ['The plan has no steps.'] : []),
    ...(plan.steps.length > MAX_STEPS ? [`There are ${plan.steps.length} steps; at most ${MAX_STEPS}.`] : []),
    ...plan.steps.flatMap(({ files }, index) =>
      files
        .filter((path) => !named.has(path))
        .map((path) => `Step ${index + 1} names ${quote(path)}, which is not among the targets.`),
    ),
    ...plan.tests.flatMap((path) => testProblem(path, named, ground) ?? []),
    ...plan.docs
      .filter((path) => !named.has(path))
      .map((path) => `${quote(path)} stands under docs and is not among the targets.`),
    ...unknown.map((id) => `There is no criterion ${quote(id)}; there are ${[...ids].join(', ')}.`),
    ...(plan.criteriaCovered.length === 0 && plan.risks.length === 0 && fixed.size === 0
      ? ['The plan covers no criterion. Cover at least one, or say under risks why none can be covered.']
      : []),
  ];
  return [...new Set(problems)].slice(0, MAX_PROBLEMS);
}

function targetProblem(
  { path, action }: Pick<PlanAnswer['fileTargets'][number], 'path' | 'action'>,
  { scope, tree }: PlanGround,
): string | null {
  const verdict = checkFilePath(path);
  if (!verdict.ok) return `${quote(path)} cannot be a target. ${verdict.reason}`;
  if (verdict.path !== path) return `${quote(path)} is to be written as ${quote(verdict.path)}.`;
  const protector = protectingPattern(path, scope.protectedAreas);
  if (protector !== null) return `${quote(path)} is protected (${protector}) and may not be changed.`;
  const entry = tree.find((each) => each.path === path);
  if (entry !== undefined && entry.mode !== '100644' && entry.mode !== '100755')
    return `${quote(path)} is a link or another repository, not a file.`;
  if (action !== 'create')
    return entry === undefined
      ? `There is no ${quote(path)} in the repository, so it cannot be the target of ${action}.`
      : null;
  if (entry !== undefined) return `${quote(path)} exists, so it cannot be created; edit it.`;
  const other = tree.find((each) => each.path.toLowerCase() === path.toLowerCase());
  if (other !== undefined) return `${quote(path)} differs from ${quote(other.path)} only in the case of letters.`;
  if (tree.some((each) => each.path.startsWith(`${path}/`))) return `${quote(path)} is a folder.`;
  const file = tree.find((each) => path.startsWith(`${each.path}/`));
  return file === undefined ? null : `${quote(file.path)} is a file, so nothing can be created below it.`;
}

function testProblem(path: string, named: ReadonlySet<string>, { tree }: PlanGround): string | null {
  if (!named.has(path) && !tree.some((entry) => entry.path === path))
    return `${quote(path)} stands under tests, and is neither a target nor in the repository.`;
  return isTestFile(path, '') ? null : `${quote(path)} stands under tests, and its path does not say that it is one.`;
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** A path as a model wrote it, on one line. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

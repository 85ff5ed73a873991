import type { StepContext } from '#src/code-factory/step.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import type { ThinkDependencies } from './assignment.ts';
import { createModelNotes } from './model-notes.ts';

/**
 * What `think` needs in one step of the line. null: no model is set up, people switched it off, or `factory.yaml` on
 * the base branch, as it stands now, says `model: off`.
 */
export async function openThinking(
  tools: StepTools,
  { task, signal }: StepContext,
  step: string,
  persona: PersonaName,
): Promise<ThinkDependencies | null> {
  const { thinking, clock } = tools;
  if (thinking === null || (await isOffOnBase(tools, task))) return null;
  const calls = await thinking.open(task, step, persona);
  if (calls === null) return null;
  return { calls, hear: () => thinking.hear(task, persona), signal, clock, notes: createModelNotes() };
}

async function isOffOnBase(tools: StepTools, task: StepContext['task']): Promise<boolean> {
  const repo = await repositoryOf(tools, task);
  const { baseSha } = await tools.workspace.refresh(repo);
  return (await rulesAt(tools, repo, baseSha))?.model === 'off';
}

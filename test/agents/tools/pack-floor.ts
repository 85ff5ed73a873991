import { createProject, type Project } from '#test/code-factory/floor.ts';
import { BASE } from '#test/code-factory/life.ts';
import { packFor } from '#agents/tools/pack.ts';
import type { PackOptions } from '#agents/tools/pack.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import { createTools, createWorld } from '../fakes.ts';
import type { World } from '../fakes.ts';

/** A project on the real store, whose repository holds `files`, and the packs of its tasks. */
export interface PackFloor {
  project: Project;
  world: World;
  files: Record<string, string>;
  taskOf(taskId: string): Promise<Task>;
  packOf(taskId: string, options?: Partial<PackOptions> & { at?: string }): ReturnType<typeof packFor>;
}

export async function openPackFloor(unitOfWork: UnitOfWork): Promise<PackFloor> {
  const world = createWorld();
  const taskOf = async (taskId: string): Promise<Task> => {
    const task = await loadTask(unitOfWork, taskId);
    if (task === null) throw new Error('the task is gone');
    return task;
  };
  const floor: PackFloor = {
    project: await createProject(unitOfWork),
    world,
    files: { 'src/greet.js': 'export const greet = 1;\n' },
    taskOf,
    async packOf(taskId, { at = '2026-11-21T10:00:00.000Z', ...options } = {}) {
      const context: StepContext = {
        task: await taskOf(taskId),
        signal: new AbortController().signal,
        startedAt: at,
        async artifact(hash) {
          const kept = await unitOfWork.artifacts.get(hash);
          if (kept === null) throw new Error('the artifact is gone');
          return contentOf(kept);
        },
      };
      const workspace: Workspace = {
        ...createTools(unitOfWork, world).workspace,
        listTree: async () => Object.keys(floor.files).map((path) => ({ path, mode: '100644', bytes: 1 })),
        readTexts: async () => new Map(Object.entries(floor.files)),
      };
      return packFor({ workspace, unitOfWork }, context, {
        persona: 'mason',
        step: 'plan',
        sha: BASE,
        windowTokens: 16_000,
        ...options,
      });
    },
  };
  return floor;
}

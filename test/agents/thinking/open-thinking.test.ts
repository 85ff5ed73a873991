import { describe, expect, it, vi } from 'vitest';
import { openThinking } from '#agents/thinking/open-thinking.ts';
import type { StepTools } from '#agents/tools/step-tools.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { Thinking } from '#src/code-factory/thinking.ts';
import { createScriptedCalls } from './scripted-calls.ts';
import { steering } from './thinking-support.ts';

const BASE = 'b'.repeat(40);
const calls = createScriptedCalls([]);

function world(factoryYaml: string | null, thinking: Thinking | null) {
  const row = { id: 'r', path: '/nowhere', baseBranch: 'main' };
  const readFile = async (_repo: unknown, sha: string) =>
    sha === BASE && factoryYaml !== null ? new TextEncoder().encode(factoryYaml) : null;
  const parts = {
    thinking,
    clock: { now: () => new Date(0) },
    unitOfWork: { tables: { get: async () => row } },
    workspace: { refresh: async () => ({ baseSha: BASE }), readFile },
  };
  const task = { taskId: 't', repoId: 'r' };
  const context = { task, signal: new AbortController().signal };
  return { tools: parts as unknown as StepTools, context: context as unknown as StepContext, task: task as Task };
}

const thinkingWith = (opened: typeof calls | null) => ({
  open: vi.fn<Thinking['open']>(async () => opened),
  openConversation: vi.fn<Thinking['openConversation']>(async () => opened),
  hear: vi.fn<Thinking['hear']>(async () => [steering('s1', 'Hello.')]),
});

describe('a persona thinks', () => {
  it('with the calls of this step and the words of this task', async () => {
    const thinking = thinkingWith(calls);
    const { tools, context, task } = world('checks: []\n', thinking);
    const opened = await openThinking(tools, context, 'plan', 'mason');
    expect(opened?.calls).toBe(calls);
    expect(opened?.signal).toBe(context.signal);
    expect(thinking.open).toHaveBeenCalledWith(task, 'plan', 'mason');
    expect(await opened?.hear()).toMatchObject([{ steeringId: 's1' }]);
    expect(thinking.hear).toHaveBeenCalledWith(task, 'mason');
  });

  it('not at all when no model is set up, or people switched it off', async () => {
    const none = world(null, null);
    expect(await openThinking(none.tools, none.context, 'plan', 'mason')).toBeNull();
    const off = world(null, thinkingWith(null));
    expect(await openThinking(off.tools, off.context, 'plan', 'mason')).toBeNull();
  });

  it('not at all when factory.yaml on the base says so, and nothing is opened then', async () => {
    const thinking = thinkingWith(calls);
    const { tools, context } = world('model: off\n', thinking);
    expect(await openThinking(tools, context, 'plan', 'mason')).toBeNull();
    expect(thinking.open).not.toHaveBeenCalled();
  });
});

import { hasEnded, taskStatuses, type TaskStatus } from '#src/code-factory/task-status.ts';
import type { Post } from '#src/ports/chat.ts';

export interface Stage {
  sign: string;
  label: string;
  state: 'done' | 'now' | 'todo';
}

const stages = [
  { sign: '🏭', label: 'idea' },
  { sign: '📋', label: 'stories' },
  { sign: '📚', label: 'sprint' },
  { sign: '🤖', label: 'work' },
  { sign: '🚀', label: 'merge' },
] as const;

const beforeWork: readonly TaskStatus[] = ['ready'];
const atMerge: readonly TaskStatus[] = ['in-review', 'approved', 'merged'];

function asStatus(state: string): TaskStatus | null {
  return taskStatuses.find((status) => status === state) ?? null;
}

/** How far an idea has come, read from what was posted and where its tasks stand. */
export function stagesOf(posts: readonly Post[], taskStates: readonly string[]): Stage[] {
  const statuses = taskStates.map(asStatus).filter((status) => status !== null);
  const kinds = new Set(posts.map((post) => post.card.kind));
  let reached = 0;
  if (kinds.has('stories')) reached = 1;
  if (kinds.has('sprint') || statuses.length > 0) reached = 2;
  if (statuses.some((status) => !beforeWork.includes(status))) reached = 3;
  if (statuses.some((status) => atMerge.includes(status))) reached = 4;
  const finished = statuses.length > 0 && statuses.includes('merged') && statuses.every(hasEnded);
  return stages.map((stage, index) => ({
    ...stage,
    state: index < reached || finished ? 'done' : index === reached ? 'now' : 'todo',
  }));
}

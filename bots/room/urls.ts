import type { ReflectionPage } from '#src/desk/desk.ts';
import type { PostRef, ThreadRef, WhyRef } from '#src/ports/chat.ts';

/** Every address of the room, written once. Ids are escaped: they may come from anywhere. */
export function threadUrl(thread: ThreadRef): string {
  const folder = { project: 'projects', idea: 'ideas', task: 'tasks' }[thread.kind];
  return `/${folder}/${encodeURIComponent(thread.id)}`;
}

/** A post where it stands in its thread. */
export function postUrl({ thread, postId }: PostRef): string {
  return `${threadUrl(thread)}#${domId('post', postId)}`;
}

export function diffUrl(taskId: string): string {
  return `/tasks/${encodeURIComponent(taskId)}/diff`;
}

export function runUrl(taskId: string): string {
  return `/tasks/${encodeURIComponent(taskId)}/run`;
}

export function reflectionUrl(projectId: string, page: ReflectionPage): string {
  return `${threadUrl({ kind: 'project', id: projectId })}/${page}`;
}

export function taskPanelUrl(taskId: string): string {
  return `/tasks/${encodeURIComponent(taskId)}/panel`;
}

export function whyUrl(why: WhyRef): string {
  return `/why?${new URLSearchParams({ conversation: why.conversationId, at: why.positions.join(',') }).toString()}`;
}

/** `idea:0199…`, the form in which a thread travels in forms and in the address of the live stream. */
export function threadName(thread: ThreadRef): string {
  return `${thread.kind}:${thread.id}`;
}

export function parseThreadName(name: string): ThreadRef | null {
  const match = /^(project|idea|task):(.{1,200})$/.exec(name);
  const [, kind, id] = match ?? [];
  if (id === undefined) return null;
  if (kind === 'project' || kind === 'idea' || kind === 'task') return { kind, id };
  return null;
}

/** An element id that is safe in markup and in a selector, and different for different parts. */
export function domId(...parts: readonly (string | number)[]): string {
  return parts
    .map((part) => String(part).replace(/[^A-Za-z0-9-]/g, (sign) => `_${sign.codePointAt(0)?.toString(16) ?? ''}_`))
    .join('-');
}

import { createHash } from 'node:crypto';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import type { CallScope } from './model-calls.ts';

const sha256 = (value: unknown): string => createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');

/**
 * A call's name: whose it is, the how manieth of its step, and what it rests on (model, tools, answer schema, first
 * system message). Later messages do not count: a test that prints another duration must not make the work be paid
 * for twice.
 */
export function callIdOf(scope: CallScope, model: string, request: ModelRequest, ordinal: number): string {
  const system = request.messages.find((message) => message.role === 'system')?.text ?? null;
  const base = sha256({ model, tools: request.tools, answer: request.answer, system });
  return sha256({ ...scope, base, ordinal });
}

/** What a step's budget counts. */
export function callStepKey({ runId, conversationId, attempt, step, occasion }: CallScope): string {
  return [...(runId === null ? [conversationId] : [runId, attempt]), step, occasion].join('/');
}

/** The stream that holds the calls of a task, or of a conversation where there is no task. */
export function callStream(taskOrConversationId: string): string {
  return `calls:${taskOrConversationId}`;
}

import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { replace } from '../rows.ts';
import { taskMoved, voidedApproval } from './code-factory.ts';

/** How people steer work that is under way. */
export const steeringEvents = {
  /** A person's reply in the task's thread. The artifact is what they wrote. */
  'steering.given': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      steeringId: z.string(),
      /** The persona that it is for; absent: whoever works on it. */
      to: z.string().optional(),
    }),
    rows: () => [],
  }),
  /** A persona has it in front of them from here on. */
  'steering.heard': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), steeringIds: z.array(z.string()).min(1), persona: z.string() }),
    rows: () => [],
  }),
  /** A person works on the branch now; no step runs until it is handed back. */
  'task.taken-over': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      by: z.string(),
      /** What the factory knew the branch to hold. */
      headSha: z.string(),
      /** An approval that is void because of it. */
      approvalId: z.string().nullable(),
      /** Where the person gets at the branch: the bound clone itself, a clone of the bound bare repository, a clone of their own. */
      checkout: z.enum(['in-place', 'clone', 'remote']),
    }),
    rows: ({ body, at }) => [
      ...voidedApproval(body.approvalId, 'taken-over'),
      taskMoved(body.taskId, at, {
        state: 'taken-over',
        paused: false,
        assigneeAgent: null,
        headSha: body.headSha,
        waitingKind: 'taken-over',
        waitingWho: body.by,
        waitingText: `${body.by} works on the branch.`,
      }),
    ],
  }),
  /** Work goes on from what the person pushed. `state`: where the line takes it up again. */
  'task.handed-back': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      by: z.string(),
      headSha: z.string(),
      /** The person pushed something; else the line goes on as if nothing had happened. */
      isNew: z.boolean(),
      state: z.enum(['branched', 'locked']),
    }),
    rows: ({ body, at }) => [
      taskMoved(body.taskId, at, {
        state: body.state,
        assigneeAgent: body.state === 'locked' ? 'ollan' : 'tess',
        headSha: body.headSha,
        attempt: 1,
      }),
    ],
  }),
  /** A person allowed what it waited for, such as more of a budget; the step is done again. */
  'task.went-on': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), kind: z.literal('budget') }),
    rows: ({ body, at }) => [taskMoved(body.taskId, at, {})],
  }),
  /** A person lets a model read what is said here, or not. */
  'model.switched': defineEvent({
    version: 1,
    body: z.strictObject({ scope: z.enum(['project', 'conversation']), key: z.string(), allowed: z.boolean() }),
    rows: ({ body, actor, at }) => {
      const id = `${body.scope}:${body.key}`;
      return [replace('model_switches', { id }, [{ id, allowed: body.allowed, actor, at }])];
    },
  }),
};

import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { insert } from '../rows.ts';

/** Facts of projects and of conversations that came in. Conversations are inputs: pinned here, not projected. */
export const intakeEvents = {
  'project.created': defineEvent({
    version: 1,
    body: z.strictObject({ projectId: z.string(), slug: z.string(), name: z.string() }),
    rows: ({ body, at }) => [
      insert('projects', { id: body.projectId, slug: body.slug, name: body.name, createdAt: at }),
    ],
  }),
  'repository.bound': defineEvent({
    version: 1,
    body: z.strictObject({
      repoId: z.string(),
      projectId: z.string(),
      forge: z.string(),
      path: z.string(),
      baseBranch: z.string(),
    }),
    rows: ({ body, at }) => [
      insert('git_repos', {
        id: body.repoId,
        projectId: body.projectId,
        forge: body.forge,
        path: body.path,
        baseBranch: body.baseBranch,
        createdAt: at,
      }),
    ],
  }),
  'conversation.ingested': defineEvent({
    version: 1,
    body: z.strictObject({
      conversationId: z.string(),
      projectId: z.string(),
      source: z.string(),
      /** How many messages it has now, and the hash over all of them (`src/intake/conversation-hash.ts`). */
      messageCount: z.int(),
      contentHash: z.string(),
    }),
    rows: () => [],
  }),
  'conversation.forgotten': defineEvent({
    version: 1,
    body: z.strictObject({ conversationId: z.string() }),
    rows: () => [],
  }),
};

import * as z from 'zod';
import { defineEvent, ERASED } from '../define-event.ts';
import { insert, update } from '../rows.ts';

const storyRef = z.strictObject({
  storyId: z.string(),
  epicId: z.string(),
  key: z.string(),
  isNew: z.boolean(),
  /** It was removed before and is asked for again. */
  isBack: z.boolean(),
  /** Hash of the StoryDraft's own artifact. */
  draftArtifact: z.string(),
});

/** What the projection reads of a story map's artifact. */
const storyMapContent = z.object({
  epics: z.array(z.object({ key: z.string(), title: z.string() })),
  stories: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      narrative: z.string(),
      priority: z.string(),
      points: z.int(),
      evidence: z.array(z.int()),
      dependsOn: z.array(z.string()),
      hasChangeSet: z.boolean(),
    }),
  ),
});

export const writersRoomEvents = {
  /** The artifact is the story map: titles, narratives, priorities. */
  'stories.written': defineEvent({
    version: 1,
    body: z.strictObject({
      projectId: z.string(),
      conversationId: z.string(),
      epics: z.array(z.strictObject({ epicId: z.string(), key: z.string(), isNew: z.boolean() })),
      stories: z.array(storyRef),
      /** Stories that were committed before and so are not written anew; others may depend on them. */
      others: z.array(z.strictObject({ storyId: z.string(), key: z.string() })),
      removed: z.array(z.strictObject({ storyId: z.string(), because: z.string() })),
    }),
    rows: ({ body, content }) => {
      const map = content === undefined ? null : storyMapContent.parse(content);
      const idOfKey = new Map([...body.others, ...body.stories].map(({ key, storyId }) => [key, storyId]));
      return [
        ...body.epics.map(({ epicId, key, isNew }) => {
          const title = map?.epics.find((epic) => epic.key === key)?.title ?? ERASED;
          return isNew
            ? insert('epics', {
                id: epicId,
                projectId: body.projectId,
                conversationId: body.conversationId,
                key,
                title,
              })
            : update('epics', epicId, { title });
        }),
        ...body.stories.map(({ storyId, epicId, key, isNew, isBack, draftArtifact }) => {
          const story = map?.stories.find((candidate) => candidate.key === key);
          const written = {
            epicId,
            title: story?.title ?? ERASED,
            narrative: story?.narrative ?? ERASED,
            priority: story?.priority ?? 'unstated',
            points: story?.points ?? 1,
            evidence: story?.evidence ?? [],
            dependsOn: (story?.dependsOn ?? []).flatMap((dependency) => idOfKey.get(dependency) ?? []),
            draftArtifact,
            hasChangeSet: story?.hasChangeSet ?? false,
          };
          return isNew
            ? insert('stories', {
                id: storyId,
                projectId: body.projectId,
                conversationId: body.conversationId,
                key,
                status: 'proposed',
                removedBecause: null,
                ...written,
              })
            : update('stories', storyId, isBack ? { ...written, status: 'proposed', removedBecause: null } : written);
        }),
        ...body.removed.map(({ storyId, because }) =>
          update('stories', storyId, { status: 'removed', removedBecause: because }),
        ),
      ];
    },
  }),
  /** A story that nothing can build yet: how it would be gone about, for whoever takes it up. The artifact is the proposal. */
  'plan.proposed': defineEvent({
    version: 1,
    body: z.strictObject({ storyId: z.string(), conversationId: z.string() }),
    rows: () => [],
  }),
  /** A person does this one themself; the line leaves it alone. */
  'story.taken': defineEvent({
    version: 1,
    body: z.strictObject({ storyId: z.string(), conversationId: z.string(), taker: z.string() }),
    rows: ({ body }) => [
      update('stories', body.storyId, { status: 'taken', removedBecause: `${body.taker} took it.` }),
    ],
  }),
};

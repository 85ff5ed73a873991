import type { Canvas } from '#src/inception/canvas.ts';
import type { KeptCanvas } from '#src/inception/keep-canvas.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { type Artifact, jsonArtifact } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { findChangeSets } from './change-sets.ts';
import { proposePlan } from './plan-proposal.ts';
import { refineStories } from './refine-stories.ts';
import type { StoryDraft, StoryMap } from './story.ts';
import { writeStories } from './write-stories.ts';

export function storiesStream(conversationId: string): string {
  return `stories:${conversationId}`;
}

/** The story map of a conversation and its canvas, with the code that the conversation holds. Pure. */
export function mapStories(conversation: Conversation, canvas: Canvas): StoryMap {
  const { changeSets, emptied } = findChangeSets(conversation, findCodeBlocks(conversation.messages));
  return writeStories(conversation, canvas, changeSets, emptied);
}

/**
 * Writes the stories of a conversation as it now stands. A story keeps its id by its key; one that somebody committed
 * is left as it was committed; one that lost its reason is removed, keeps its id and says why.
 */
export async function keepStories(
  { unitOfWork, clock, ids }: { unitOfWork: UnitOfWork; clock: Clock; ids: Ids },
  projectId: string,
  conversation: Conversation,
  { canvas, refinement }: KeptCanvas,
): Promise<void> {
  const conversationId = conversation.id;
  const stream = storiesStream(conversationId);
  const plain = mapStories(conversation, canvas);
  const map = refinement === null ? plain : refineStories(plain, refinement);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    const kept = await transaction.tables.find('stories', { conversationId });
    const keptByKey = new Map(kept.map((story) => [story.key, story]));
    const epicByKey = new Map(
      (await transaction.tables.find('epics', { conversationId })).map((epic) => [epic.key, epic.id]),
    );
    const epics = map.epics.map(({ key }) => ({
      epicId: epicByKey.get(key) ?? ids.next(),
      key,
      isNew: !epicByKey.has(key),
    }));
    const epicIds = new Map(epics.map(({ key, epicId }) => [key, epicId]));

    const writable = map.stories.filter(({ key }) =>
      ['proposed', 'removed', undefined].includes(keptByKey.get(key)?.status),
    );
    const drafts = writable.map((story) => ({ story, artifact: jsonArtifact('story-draft', story) }));
    const mapArtifact = describeMap(map, writable);
    const wanted = new Set(map.stories.map(({ key }) => key));
    const removed = kept
      .filter((story) => story.status === 'proposed' && !wanted.has(story.key))
      .map((story) => ({ storyId: story.id, because: 'The conversation no longer asks for it.' }));

    const storyIds = new Map(drafts.map(({ story }) => [story.key, keptByKey.get(story.key)?.id ?? ids.next()]));
    const isNews = ({ story, artifact }: (typeof drafts)[number]) => {
      const before = keptByKey.get(story.key);
      return before?.draftArtifact !== artifact.hash || before.status === 'removed';
    };
    if (!drafts.some(isNews) && removed.length === 0) return;
    const proposals = drafts
      .filter((draft) => draft.story.changeSet === null && isNews(draft))
      .map(({ story }) => ({ storyId: storyIds.get(story.key) ?? '', artifact: proposePlan(story) }));
    for (const { artifact } of [...drafts, ...proposals]) transaction.putArtifact(artifact);
    transaction.putArtifact(mapArtifact);
    const common = {
      ...factBy('persona:piper', clock.now().toISOString()),
      agent: 'piper',
    };
    transaction.append(stream, events.length, [
      {
        ...common,
        type: 'stories.written',
        body: {
          projectId,
          conversationId,
          epics,
          stories: drafts.map(({ story, artifact }) => ({
            storyId: storyIds.get(story.key) ?? '',
            epicId: epicIds.get(story.epicKey) ?? '',
            key: story.key,
            isNew: !keptByKey.has(story.key),
            isBack: keptByKey.get(story.key)?.status === 'removed',
            draftArtifact: artifact.hash,
          })),
          others: kept.filter(({ key }) => !storyIds.has(key)).map(({ id, key }) => ({ storyId: id, key })),
          removed,
        },
        artifact: mapArtifact.hash,
      },
      ...proposals.map(({ storyId, artifact }) => ({
        ...common,
        type: 'plan.proposed' as const,
        agent: 'mason',
        actor: 'persona:mason',
        body: { storyId, conversationId },
        artifact: artifact.hash,
      })),
    ]);
  });
}

/** The map as the ledger's projection reads it: what is written now, and the waves of all. */
function describeMap(map: StoryMap, writable: readonly StoryDraft[]): Artifact {
  return jsonArtifact('story-map', {
    epics: map.epics,
    waves: map.waves,
    violations: map.violations,
    stories: writable.map(({ key, title, narrative, priority, points, evidence, dependsOn, changeSet }) => ({
      key,
      title,
      narrative,
      priority,
      points,
      evidence,
      dependsOn,
      hasChangeSet: changeSet !== null,
    })),
  });
}

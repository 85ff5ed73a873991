import { commitStories, inDependencyOrder } from '#src/backlog/commit-stories.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import { readRules } from '#src/qa/read-rules.ts';
import { mayBegin } from '#src/review/may-begin.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import type { DeskTools } from './desk-tools.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'workspace' | 'clock' | 'ids' | 'lane'>;

/**
 * Commits the stories of an idea that the project lets begin by themselves, in the name of whoever asked for that; the
 * others wait for a person, as all do on the lower rungs. What builds on one that waits, waits too. Answers how many
 * were committed. Throws where the rules of the base branch cannot be read: then nothing begins.
 */
export async function beginStories(tools: Tools, actor: string, conversationId: string): Promise<number> {
  const { tables } = tools.unitOfWork;
  const open = await tables.find('stories', { conversationId, status: 'proposed', hasChangeSet: true });
  const [first] = open;
  if (first === undefined) return 0;
  const { projectId } = first;
  const [repo] = await tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 });
  if (repo === undefined) return 0;
  const { baseSha } = await tools.workspace.refresh(repo);
  const rules = await readRules((path) => tools.workspace.readFile(repo, baseSha, path));

  const all = await tables.find('stories', { conversationId });
  const settled = new Set(all.filter(({ status }) => status === 'committed' || status === 'done').map(({ id }) => id));
  const begun: string[] = [];
  for (const story of inDependencyOrder(open)) {
    if (!story.dependsOn.every((id) => settled.has(id))) continue;
    const draft = await draftOf(tools, story);
    if (draft === null || mayBegin(rules, draft.changeSet).answer !== 'automatic') continue;
    settled.add(story.id);
    begun.push(story.id);
  }
  if (begun.length === 0) return 0;
  const { lane } = tools;
  const result = await commitStories(tools, {
    conversationId,
    storyIds: begun,
    actor,
    lane,
    mayWrite: false,
    begunBy: 'label',
  });
  return result.committed.length;
}

async function draftOf({ unitOfWork }: Tools, { draftArtifact }: StoryRow): Promise<StoryDraft | null> {
  const artifact = await unitOfWork.artifacts.get(draftArtifact);
  return artifact === null ? null : (contentOf(artifact) as StoryDraft);
}

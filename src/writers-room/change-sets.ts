import type { CodeBlock } from '#src/intake/code-block.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { checkFilePath } from '#src/intake/file-path.ts';
import type { ChangeSet, ChangeSetEdit, EmptiedRequest, LeftOut } from './change-set.ts';
import { type Draft, DraftRoom } from './draft-room.ts';
import { createKey } from './keys.ts';
import { readTurns } from './requests.ts';
import { chooseVersions, type Version } from './versions.ts';

/**
 * Groups a conversation's code blocks into change sets, one a request, and decides by what people said next which
 * version of each file counts. `leftOut` lists every block that is in no change set's edits and was not simply replaced
 * by a later version; each change set repeats its own. `emptied` are the requests of whose code nothing is left. Pure;
 * linear in the number of messages.
 */
export function findChangeSets(
  conversation: Conversation,
  blocks: readonly CodeBlock[],
): { changeSets: ChangeSet[]; leftOut: LeftOut[]; emptied: EmptiedRequest[] } {
  const room = new DraftRoom();
  const byPosition = Map.groupBy(blocks, (block) => block.position);
  for (const turn of readTurns(conversation)) {
    if (turn.role === 'person') room.hear(turn);
    const versions: Version[] = [];
    const refused: LeftOut[] = [];
    for (const block of byPosition.get(turn.position) ?? []) {
      const judged = checkFilePath(block.path);
      if (!judged.ok) refused.push({ path: block.path, position: block.position, reason: judged.reason });
      else versions.push(room.createVersion(turn, block, judged.path));
    }
    room.answer(turn, versions, refused);
  }
  const changeSets: ChangeSet[] = [];
  const emptied: EmptiedRequest[] = [];
  for (const draft of room.drafts) {
    const { set, left } = close(conversation.id, draft);
    if (set !== null) changeSets.push(set);
    else if (left.length > 0)
      emptied.push({ requestPosition: draft.requestPosition, leftOut: left, wanted: isWanted(draft) });
  }
  const leftOut = [...changeSets, ...emptied].flatMap((part) => part.leftOut);
  return { changeSets, leftOut: leftOut.sort((left, right) => left.position - right.position), emptied };
}

function isWanted({ versions, refused }: Draft): boolean {
  const isShown = (version: Version) => version.partial && version.state !== 'declined' && version.state !== 'moved';
  return refused.length > 0 || versions.some(isShown);
}

function close(conversationId: string, draft: Draft): { set: ChangeSet | null; left: LeftOut[] } {
  const kept: Version[] = [];
  const left: LeftOut[] = [...draft.refused];
  for (const versions of Map.groupBy(draft.versions, (version) => version.path).values()) {
    const chosen = chooseVersions(versions);
    kept.push(...chosen.kept);
    left.push(...chosen.left);
  }
  const orphaned = kept.every((version) => version.isTest) ? whyCodeIsMissing(draft.versions) : null;
  if (kept.length === 0 || orphaned !== null) {
    for (const { path, position } of kept) left.push({ path, position, reason: orphaned ?? '' });
    return { set: null, left: left.sort((one, other) => one.position - other.position) };
  }
  const order = new Map(draft.versions.map((version, index) => [version, index]));
  kept.sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0));
  const confirmations = kept
    .filter((version) => version.state !== 'complained')
    .map((version) => (version.state === 'accepted' ? version.by : null));
  const accepted = confirmations.every((by) => by !== null);
  return {
    left,
    set: {
      key: createKey('change', conversationId, draft.requestPosition, draft.request),
      requestPosition: draft.requestPosition,
      acceptance: accepted ? 'accepted' : 'unconfirmed',
      acceptedBy: accepted ? Math.max(...confirmations.map((by) => by ?? 0)) : null,
      edits: kept.map(toEdit),
      leftOut: left,
    },
  };
}

/** A test alone, of code that was turned down or is only shown in part, would only ever fail. null: nothing is missing. */
function whyCodeIsMissing(versions: readonly Version[]): string | null {
  const code = versions.filter((version) => !version.isTest);
  if (code.some((version) => version.state === 'declined')) return 'It tests code that was turned down.';
  return code.some((version) => version.partial) ? 'It tests code of which only a part is shown.' : null;
}

function toEdit(version: Version): ChangeSetEdit {
  const { path, position, isTest } = version;
  return { path, kind: version.block.kind, content: version.block.content, position, isTest };
}

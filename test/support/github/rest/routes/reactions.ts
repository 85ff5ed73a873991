import { isoSeconds } from '../../hub/clock.ts';
import { issueOf } from '../../hub/hub.ts';
import type { Hub } from '../../hub/hub.ts';
import { textOf } from '../../hub/json.ts';
import type { Json } from '../../hub/json.ts';
import type { Reaction } from '../../hub/types.ts';
import { accountJson, nodeId } from '../../json/accounts.ts';
import { findComment, needUnarchived } from '../../rules/issues.ts';
import { page, read, write } from '../route.ts';
import type { Answer, RepositoryCall, Routes, SignedCall } from '../route.ts';

const EITHER = ['issues', 'pull_requests'] as const;

export const REACTIONS: Routes = {
  'reactions/create-for-issue': write(EITHER, 'read', (call) => react(call, issueIn(call))),
  'reactions/create-for-issue-comment': write(EITHER, 'read', (call) => react(call, commentIn(call))),
  'reactions/list-for-issue': read(EITHER, (call) => list(call, issueIn(call))),
  'reactions/list-for-issue-comment': read(EITHER, (call) => list(call, commentIn(call))),
};

function issueIn({ repository, parameters }: RepositoryCall): number {
  return issueOf(repository, Number(parameters.issue_number)).id;
}

function commentIn({ repository, parameters }: RepositoryCall): number {
  return findComment(repository, Number(parameters.comment_id)).comment.id;
}

/** The same one twice is the first one, with a 200. */
function react({ hub, repository, account, body }: SignedCall, subjectId: number): Answer {
  needUnarchived(repository);
  const content = textOf(body.content);
  const old = repository.reactions.find(
    (one) => one.subjectId === subjectId && one.account === account && one.content === content,
  );
  if (old !== undefined) return { status: 200, body: reactionJson(hub, old) };
  const reaction = { id: hub.nextId(), subjectId, account, content, createdAtMs: hub.clock.nowMs() };
  repository.reactions.push(reaction);
  return { status: 201, body: reactionJson(hub, reaction) };
}

function list(call: RepositoryCall, subjectId: number): Promise<Answer> {
  const found = call.repository.reactions.filter((one) => one.subjectId === subjectId);
  return page(call, found, (one) => reactionJson(call.hub, one));
}

function reactionJson(hub: Hub, { id, account, content, createdAtMs }: Reaction): Json {
  return {
    id,
    node_id: nodeId('REA', id),
    user: accountJson(hub, account),
    content,
    created_at: isoSeconds(createdAtMs),
  };
}

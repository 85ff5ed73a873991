import { describe, expect, it } from 'vitest';
import { drawBlocks as drawInRoom } from '#bots/room/cards/blocks.ts';
import { drawPost } from '#bots/slack/blocks/draw-post.ts';
import { mergeWords } from '#src/desk/cards/merge-words.ts';
import { statusCard } from '#src/desk/cards/status-card.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import type { PullRequestRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { postOf } from '#test/bots/slack/blocks/real-cards.ts';
import { AT, BASE, DIFF, HEAD } from '#test/code-factory/life.ts';

const fact = <T extends EventType>(type: T, body: Partial<EventBodies[T]>) =>
  ({ type, body }) as unknown as RecordedEvent;
const granted = (approver: string, byRequester = false) => fact('approval.granted', { approver, byRequester });
const merged = fact('pull-request.merged', { mergedSha: HEAD });

describe('whose word a merge rests on', () => {
  it.each([
    ['an approver', [granted('grace'), merged], 'approved by grace'],
    ['the last of two, where the first was void', [granted('grace'), granted('linus'), merged], 'approved by linus'],
    ['the requester alone', [granted('local', true), merged], 'approved by its requester, local'],
    [
      'nobody here',
      [granted('grace'), fact('pull-request.merged-by-hand', { mergedBy: 'github:ada' })],
      'merged by hand by github:ada, without an approval here',
    ],
    [
      'nobody whom the forge tells',
      [fact('pull-request.merged-by-hand', { mergedBy: null })],
      expect.stringContaining('by somebody'),
    ],
    ['nobody yet', [granted('grace')], null],
  ])('is that of %s', (_whose, events, words) => {
    expect(mergeWords(events)).toEqual(words);
  });
});

describe('the pull request on a status card', () => {
  const task = {
    id: 'task',
    number: 4,
    title: 'Greet',
    state: 'in-review',
    waitingKind: null,
    waitingText: null,
    reverts: null,
    revertedBy: null,
  };
  const url = 'https://github.com/acme/greeter/pull/12';
  const pullRequest: PullRequestRow = {
    id: 'pr',
    taskId: 'task',
    repoId: 'repo',
    number: 12,
    url,
    state: 'open',
    baseSha: BASE,
    headSha: HEAD,
    diffHash: DIFF,
    bodyArtifact: '',
    openedAt: AT,
    mergedSha: null,
    closedAt: null,
  };
  const drawn = (row: Partial<PullRequestRow>, merge: string | null = null): Card =>
    statusCard({ ...task, branch: null, mergedSha: HEAD, attempt: 1 } as StoryTaskRow, [], [], {
      pullRequest: { ...pullRequest, ...row },
      merge,
    });
  const facts = (card: Card) => card.blocks.flatMap((block) => (block.type === 'facts' ? block.facts : []));
  const look = { actor: 'local', csrf: '', asset: (name: string) => name, onGitHub: true };
  const inRoom = async (card: Card) => String(await drawInRoom(card.blocks, { post: postOf(card), path: '', look }));
  const inSlack = (card: Card) =>
    JSON.stringify(
      drawPost(postOf(card), {
        features: { planBlocks: false },
        nameOf: (id) => id,
        linkTo: () => null,
        mention: false,
      }),
    );

  it('leads to it, in the room and in Slack', async () => {
    expect(facts(drawn({}))).toContainEqual({ label: 'Pull request', value: '#12', url });
    expect(facts(drawn({ state: 'closed' }))).toContainEqual({ label: 'Pull request', value: '#12, closed', url });
    expect(await inRoom(drawn({}))).toContain(`<a href="${url}" target="_blank" rel="noreferrer">#12</a>`);
    expect(inSlack(drawn({}))).toContain(`"type":"link","text":"#12","url":"${url}"`);
  });

  it.each(['/pulls/repo/12', 'javascript:alert(1)', ' https://a.example'])('leads nowhere by %s', (odd) => {
    expect(facts(drawn({ url: odd })).map(({ label }) => label)).not.toContain('Pull request');
  });

  it('leads nowhere from the room by what is no web address', async () => {
    const card = {
      ...drawn({}),
      blocks: [{ type: 'facts' as const, facts: [{ label: 'A', value: 'b', url: 'javascript:x' }] }],
    };
    expect(await inRoom(card)).not.toContain('<a ');
  });

  it('stands beside who let it be merged', () => {
    expect(facts(drawn({}, 'approved by grace'))).toContainEqual({
      label: 'Merged as',
      value: 'aaaaaaa, approved by grace',
      tone: 'good',
    });
  });
});

import type { StoryRow } from '#src/ledger/rows.ts';
import type { Card, CardAction, CardBlock } from '#src/ports/chat.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { action, card, count, item, why } from './card-parts.ts';

/** The stories of a conversation, with their criteria folded and one press that commits what can start. */
export function storiesCard(
  conversationId: string,
  stories: readonly { row: StoryRow; draft: StoryDraft | null }[],
  {
    hasRepository,
    mayWrite,
  }: { hasRepository: boolean /** A model may write what the conversation holds no code for. */; mayWrite: boolean },
): Card {
  const open = stories.filter(({ row }) => row.status === 'proposed');
  const ready = open.filter(({ row }) => row.hasChangeSet);
  const withoutCode = open.filter(({ row }) => !row.hasChangeSet);
  const taken = stories.filter(({ row }) => row.status === 'taken');
  const committed = stories.filter(({ row }) => ['committed', 'done'].includes(row.status));
  const rejected = stories.filter(({ row }) => row.status === 'rejected');
  const reverted = stories.filter(({ row }) => row.status === 'reverted');
  const blocks: CardBlock[] = [
    ...ready.map((story) => storyFold(conversationId, story)),
    ...(withoutCode.length === 0
      ? []
      : [
          {
            type: 'fold' as const,
            summary: `${count(withoutCode.length, 'story', 'stories')} without code`,
            blocks: [
              {
                type: 'text' as const,
                text: mayWrite
                  ? 'Ollan can write these. Or paste code for one here with the name of its file, or take it yourself.'
                  : 'Nothing can build these yet; their plans are kept. Add a key (OPENAI_MODEL in the settings) to have Ollan write them, paste code for one here with the name of its file, or take it yourself.',
              },
              {
                type: 'list' as const,
                title: null,
                items: withoutCode.map(({ row }) =>
                  item(row.title, {
                    detail: points(row.points),
                    why: why(conversationId, row.evidence),
                    actions: [
                      ...(mayWrite && hasRepository
                        ? [
                            action(`write-${row.id}`, 'Let Ollan write it', {
                              type: 'commit-stories',
                              conversationId,
                              storyIds: [row.id],
                            }),
                          ]
                        : []),
                      action(`take-${row.id}`, 'I take it', { type: 'take-story', conversationId, storyId: row.id }),
                    ],
                  }),
                ),
              },
            ],
          },
        ]),
    ...(taken.length === 0
      ? []
      : [
          {
            type: 'list' as const,
            title: 'Taken by people',
            items: taken.map(({ row }) =>
              item(row.title, { detail: row.removedBecause, why: why(conversationId, row.evidence) }),
            ),
          },
        ]),
    ...decided(conversationId, 'In the sprint', committed),
    ...decided(conversationId, 'Rejected in review', rejected),
    ...decided(conversationId, 'Merged, then reverted', reverted),
  ];
  if (stories.length === 0) return card('stories', 'There is nothing to write a story about yet.');
  if (ready.length === 0) {
    return card(
      'stories',
      leadWithoutReady(committed.length, withoutCode.length, taken.length, rejected.length + reverted.length),
      {
        blocks,
        actions: hasRepository && mayWrite && withoutCode.length > 0 ? [commitAll(conversationId, withoutCode)] : [],
      },
    );
  }
  const lead = `${count(ready.length, 'story', 'stories')} ${ready.length === 1 ? 'has' : 'have'} code in this conversation and can start.`;
  return card('stories', hasRepository ? lead : `${lead} Name a repository for this project first.`, {
    blocks,
    actions: hasRepository
      ? [
          action(
            'commit',
            'Commit to sprint',
            { type: 'commit-stories', conversationId, storyIds: ready.map(({ row }) => row.id) },
            { style: 'primary' },
          ),
          ...(mayWrite && withoutCode.length > 0 ? [commitAll(conversationId, open)] : []),
        ]
      : [],
  });
}

/** The tasks of these have cards of their own; here is only why they are asked for. */
function decided(conversationId: string, title: string, stories: readonly Story[]): CardBlock[] {
  if (stories.length === 0) return [];
  const marks: Partial<Record<StoryRow['status'], 'done' | 'failed'>> = {
    ...{ done: 'done', rejected: 'failed', reverted: 'failed' },
  };
  const items = stories.map(({ row }) =>
    item(row.title, { mark: marks[row.status] ?? 'open', why: why(conversationId, row.evidence) }),
  );
  return [{ type: 'fold', summary: `${title} (${stories.length})`, blocks: [{ type: 'list', title: null, items }] }];
}

type Story = { row: StoryRow; draft: StoryDraft | null };

/** Starting work that a model writes costs money, so it is a press of its own. */
function commitAll(conversationId: string, stories: readonly Story[]): CardAction {
  return action(
    'commit-all',
    stories.length === 1 ? 'Commit it; Ollan writes it' : `Commit all ${stories.length}; Ollan writes what is missing`,
    { type: 'commit-stories', conversationId, storyIds: stories.map(({ row }) => row.id) },
  );
}

function leadWithoutReady(committed: number, withoutCode: number, taken: number, over: number): string {
  const waiting = `${count(withoutCode, 'story', 'stories')} ${withoutCode === 1 ? 'has' : 'have'} no code in the conversation yet.`;
  if (withoutCode === 0) {
    return taken === 0 && over === 0 ? 'Every story is in the sprint.' : 'No story is left to start.';
  }
  if (committed === 0) return waiting;
  return `${count(committed, 'story is', 'stories are')} in the sprint; ${waiting}`;
}

function points(n: number): string {
  return count(n, 'point');
}

function storyFold(conversationId: string, { row, draft }: { row: StoryRow; draft: StoryDraft | null }): CardBlock {
  const files = [...new Set(draft?.changeSet?.edits.map((edit) => edit.path) ?? [])];
  const left = draft?.leftOut ?? [];
  return {
    type: 'fold',
    summary: `${row.title} · ${points(row.points)} · ${count(draft?.criteria.length ?? 0, 'criterion', 'criteria')}`,
    blocks: [
      { type: 'list', title: null, items: [item(row.narrative, { why: why(conversationId, row.evidence) })] },
      {
        type: 'list',
        title: 'Counts as done when',
        items: (draft?.criteria ?? []).map((criterion) =>
          item(criterion.text, { mark: 'open', why: why(conversationId, criterion.evidence) }),
        ),
      },
      {
        type: 'list',
        title: 'Code for it',
        items: files.map((path) => {
          const edit = draft?.changeSet?.edits.findLast((candidate) => candidate.path === path);
          return item(`\`${path}\``, {
            detail: edit?.isTest === true ? 'test' : null,
            why: edit === undefined ? null : why(conversationId, [edit.position]),
          });
        }),
      },
      ...(draft?.changeSet?.acceptance === 'unconfirmed'
        ? [
            {
              type: 'text' as const,
              text: 'Nobody in the conversation said yes or no to this last version. Committing it is your yes.',
            },
          ]
        : []),
      ...(left.length === 0
        ? []
        : [
            {
              type: 'list' as const,
              title: 'Left out',
              items: left.map(({ path, reason, position }) =>
                item(`\`${path}\``, { detail: reason, why: why(conversationId, [position]) }),
              ),
            },
          ]),
    ],
  };
}

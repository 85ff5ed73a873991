import { describe, expect, it } from 'vitest';
import { missedChanges } from '#bots/slack/history/missed-changes.ts';
import type { SlackTools } from '#bots/slack/slack-tools.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';

const thread = {
  id: 'x',
  conversationId: 'talk',
  surface: 'slack',
  team: 'T1',
  channel: 'C1',
  root: '1700000000.000100',
};

const kept = (n: number, text = `words ${n}`): ConversationMessage => ({
  ...{ position: n, speaker: 'Ana', role: 'person', at: null, text },
  originId: `${n % 2 === 0 ? '' : 'live:'}slack/T1/C1/1700000000.00${n}00`,
});

/** What is found when Slack shows these messages of a thread. */
async function found(messages: readonly object[], isWhole = true) {
  const next = isWhole ? {} : { response_metadata: { next_cursor: 'more' } };
  const client = { conversations: { replies: async () => ({ ok: true, messages, ...next }) } };
  const tools = { client, stopping: new AbortController().signal, workspace: { teamId: 'T1' } };
  return missedChanges(tools as unknown as SlackTools, {
    conversations: { get: async () => ({ messages: [kept(1), kept(2), kept(3), kept(4, '')] }) as never },
    thread,
    since: '1700000100.000000',
  });
}
const ts = (n: number) => `1700000000.00${n}00`;

describe('what changed in a thread meanwhile', () => {
  it('is what was edited since, and what is gone between others', async () => {
    const edited = { ts: ts(1), edited: { ts: '1700000200.000000' }, text: 'other words' };
    const before = { ts: ts(3), edited: { ts: '1700000050.000000' } };
    const changes = await found([edited, before]);
    expect(changes.edited.map((one) => one.ts)).toEqual([ts(1)]);
    expect(changes.takenBack).toEqual([`slack/T1/C1/${ts(2)}`]);
  });

  it('is no taking back where the oldest are gone: the workspace may have cleared them away', async () => {
    expect((await found([{ ts: ts(3) }])).takenBack).toEqual([]);
  });

  it('is the taking back of a first message that left a mark', async () => {
    const gone = { ts: ts(1), subtype: 'tombstone' };
    expect((await found([gone, { ts: ts(2) }, { ts: ts(3) }])).takenBack).toEqual([`slack/T1/C1/${ts(1)}`]);
  });

  it('takes nothing for gone that was not read', async () => {
    expect((await found([{ ts: ts(1) }], false)).takenBack).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { jsonSource, readOne, skippedCounts } from '#test/intake/support/import-all.ts';

const line = (i: number, speaker: string, text: string, more: Record<string, unknown> = {}) => ({
  i,
  speaker,
  ts: null,
  section: 'Start',
  text,
  role: 'team',
  ...more,
});

describe('a meeting as JSON', () => {
  it('keeps speakers as people, in the order of i', async () => {
    const { conversation } = await readOne(
      jsonSource('m.json', {
        id: 'kickoff',
        title: 'Kick-off',
        participants: ['Customer', 'Assistant'],
        messages: [
          line(1, 'Assistant', 'What for?'),
          line(0, 'Customer', 'A chore app', { ts: '2026-03-01T09:00:00' }),
        ],
      }),
    );
    expect(conversation).toEqual({
      id: 'kickoff',
      title: 'Kick-off',
      source: 'meeting',
      messages: [
        {
          position: 0,
          speaker: 'Customer',
          role: 'person',
          at: '2026-03-01T09:00:00.000Z',
          text: 'A chore app',
          originId: null,
        },
        { position: 1, speaker: 'Assistant', role: 'person', at: null, text: 'What for?', originId: null },
      ],
      skipped: [],
    });
  });

  it('keeps a silent line, so that every later line is still cited by its i', async () => {
    const { conversation } = await readOne(
      jsonSource('m.json', { id: 'm', messages: [line(0, 'A', 'x'), line(1, 'B', ' '), line(2, 'A', 'y')] }),
    );
    expect(conversation.messages[2]).toMatchObject({ position: 2, text: 'y' });
  });

  it('a span of minutes is no time of day', async () => {
    const { conversation } = await readOne(
      jsonSource('m.json', { id: 'm', messages: [line(0, 'A', 'x', { ts: '00:03 : 00:13' })] }),
    );
    expect(conversation.messages[0]?.at).toBeNull();
  });

  it('counts entries that are no utterance', async () => {
    const { conversation } = await readOne(
      jsonSource('m.json', { id: 'm', messages: [line(0, 'A', 'x'), null, { i: 2 }] }),
    );
    expect(skippedCounts(conversation)).toEqual({ missing: 2 });
  });
});

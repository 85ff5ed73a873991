import { describe, expect, it } from 'vitest';
import { readOne, skippedCounts, textSource } from '#test/intake/support/import-all.ts';

const read = (text: string) => readOne(textSource('call.vtt', text));

describe('WebVTT', () => {
  it('reads voices, joins a sentence that a cue cut, and drops tags and notes', async () => {
    const { conversation, lines } = await read(
      [
        'WEBVTT - weekly',
        '',
        'NOTE made by a machine',
        '',
        '1',
        '00:00:01.000 --> 00:00:03.000',
        '<v Ana Lee>We need an app</v>',
        '',
        '2',
        '00:00:03.000 --> 00:00:05.000 align:start',
        '<v Ana Lee>for &lt;shared&gt; <i>chores</i>.</v>',
        '',
        '00:06.000 --> 00:08.000',
        '<v.loud Bob>Offline &amp; fast.</v>',
        '',
        '00:08.000 --> 00:09.000',
        '<v Bob>No accounts.</v>',
      ].join('\r\n'),
    );
    expect(conversation.source).toBe('webvtt');
    expect(lines).toEqual([
      'Ana Lee: We need an app for <shared> chores.',
      'Bob: Offline & fast.',
      'Bob: No accounts.',
    ]);
    expect(skippedCounts(conversation)).toEqual({ note: 1 });
  });

  it('reads two voices in one cue, names before a colon, and an assistant', async () => {
    const { conversation, lines } = await read(
      'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>One.\n<v Bob>Two.\n\n00:03.000 --> 00:04.000\nCarla: Three.\n\n00:05.000 --> 00:06.000\n<v Copilot>Four.',
    );
    expect(lines).toEqual(['Ana: One.', 'Bob: Two.', 'Carla: Three.', 'Copilot: Four.']);
    expect(conversation.messages.at(-1)?.role).toBe('assistant');
  });

  it('does not guess who says a cue that names nobody', async () => {
    const { lines } = await read('WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>One.\n\n00:03.000 --> 00:04.000\nTwo.');
    expect(lines).toEqual(['Ana: One.', 'Unknown speaker: Two.']);
  });

  it('without any voices is one message by You', async () => {
    const { lines } = await read('WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:03.000 --> 00:04.000\nTwo.');
    expect(lines).toEqual(['You: One.\nTwo.']);
  });
});

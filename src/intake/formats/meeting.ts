import { draftConversation } from '../draft-conversation.ts';
import { instantOf, isRecord, listOf, recordOf, textOf } from '../json-shape.ts';
import { type JsonFormat, UnreadableEntry } from './format.ts';

function isUtterance(value: unknown): boolean {
  return isRecord(value) && typeof value.speaker === 'string' && typeof value.text === 'string';
}

/**
 * A meeting as `{id, title, participants, messages: [{i, speaker, ts, section, text, role}]}`. Messages go by `i`
 * where every one has it. Lines without text are kept, because `i` is what people cite a message by.
 */
export const meeting: JsonFormat = {
  kind: 'json',
  name: 'meeting transcript',
  recognises: (value) => isRecord(value) && listOf(value.messages).some(isUtterance),
  read(value) {
    const shape = recordOf(value);
    const entries = listOf(shape.messages);
    const utterances = entries.filter(isUtterance).map(recordOf);
    if (utterances.length === 0) throw new UnreadableEntry('It holds no messages.');
    const orderOf = (utterance: { i?: unknown }) => (typeof utterance.i === 'number' ? utterance.i : Number.NaN);
    const ordered = utterances.every((utterance) => Number.isFinite(orderOf(utterance)))
      ? utterances.toSorted((one, other) => orderOf(one) - orderOf(other))
      : utterances;
    const draft = draftConversation('meeting', { keepEmpty: true });
    for (const utterance of ordered) {
      draft.add({
        speaker: String(utterance.speaker),
        role: 'person',
        at: instantOf(utterance.ts),
        text: String(utterance.text),
        originId: textOf(utterance.id),
      });
    }
    draft.skipped.add('missing', entries.length - utterances.length);
    return { conversation: draft.finish({ id: shape.id, title: shape.title }), problems: [] };
  },
};

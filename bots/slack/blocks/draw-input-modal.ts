import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { CardAction, CardChoice, Post } from '#src/ports/chat.ts';
import { plainText, yesWords } from './buttons.ts';
import { slackLimits } from './limits.ts';
import { withIds } from './pieces.ts';
import { actionIdOf, pressKinds } from './press-value.ts';
import { readableCard } from './readable-card.ts';
import { prose, richText, section, words } from './rich-text.ts';
import type { DrawContext } from './slack-message.ts';
import { plain, shorten } from './words.ts';

/** `callback_id` of the modal in which an action is given its words. */
export const INPUT_MODAL = 'card-input';
/** The block and the field of it that hold the words. */
const INPUT_BLOCK = 'words';

const inputPressSchema = z.strictObject({ post: z.string(), version: z.int(), actionId: z.string() });
/** What a filled-in modal answers: `actionOf` finds the action. */
export type InputPress = z.infer<typeof inputPressSchema>;

/** null: not one of ours. */
export function readInputPress(privateMetadata: string): InputPress | null {
  try {
    return inputPressSchema.safeParse(JSON.parse(privateMetadata)).data ?? null;
  } catch {
    return null;
  }
}

/** Asks for the words that an action takes, and once more whether it is meant. */
export function drawInputModal(post: Post, action: CardAction, context: DrawContext): ModalView {
  const readable = readableCard({ ...post.card, actions: [action] }, context);
  const [asked = action] = readable.actions;
  const press: InputPress = {
    post: post.id,
    version: post.version,
    actionId: actionIdOf(pressKinds.card, action.name),
  };
  const intro: KnownBlock[] = [
    richText(section(words(shorten(plain(readable.lead) || '–', LEAD_CHARS)))),
    ...prose(shorten(asked.confirm ?? '', LEAD_CHARS)),
  ];
  return {
    type: 'modal',
    callback_id: INPUT_MODAL,
    private_metadata: JSON.stringify(press),
    title: plainText(asked.label, slackLimits.modalTitle),
    submit: plainText(submitWords(asked), slackLimits.modalButton),
    close: plainText('Not now', slackLimits.modalButton),
    blocks: [
      ...withIds(intro, post.version),
      ...(asked.input?.choices ?? []).map(choiceInput),
      {
        type: 'input',
        block_id: INPUT_BLOCK,
        label: plainText(asked.input?.label ?? 'In your words', slackLimits.inputLabel),
        optional: asked.input?.required !== true,
        element: {
          type: 'plain_text_input',
          action_id: INPUT_BLOCK,
          multiline: true,
          max_length: slackLimits.inputText,
          ...initialWords(asked.input?.value),
        },
      },
    ],
  };
}

/** Slack refuses a modal whose field begins with more than it takes. */
function initialWords(value = ''): { initial_value?: string } {
  return value === '' ? {} : { initial_value: shorten(value, slackLimits.inputText) };
}

/** Slack shows no more in a menu. */
const MAX_OPTIONS = 100;
const OPTION_CHARS = 75;
/** More than these are a menu. */
const MAX_RADIO = 5;

function choiceInput({ name, label, options }: CardChoice): KnownBlock {
  const drawn = options
    .slice(0, MAX_OPTIONS)
    .map(({ value, text }) => ({ value, text: plainText(text, OPTION_CHARS) }));
  const [first] = drawn;
  const isShort = drawn.length <= MAX_RADIO && first !== undefined;
  return {
    type: 'input',
    block_id: `${CHOICE}${name}`,
    label: plainText(label, slackLimits.inputLabel),
    element: isShort
      ? { type: 'radio_buttons', action_id: CHOICE, options: drawn, initial_option: first }
      : { type: 'static_select', action_id: CHOICE, options: drawn },
  };
}

const CHOICE = 'choice:';

const Choices = z.record(
  z.string(),
  z.record(z.string(), z.looseObject({ selected_option: z.looseObject({ value: z.string() }).nullish() })),
);

/** What was chosen, by the names of the choices. */
export function readChoices(values: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Choices.safeParse(values).data ?? {}).flatMap(([block, { [CHOICE]: field }]) => {
      const value = field?.selected_option?.value;
      return block.startsWith(CHOICE) && value !== undefined ? [[block.slice(CHOICE.length), value]] : [];
    }),
  );
}

const LEAD_CHARS = 500;

/** Shortened labels would promise something else; a plain word is better then. */
function submitWords(action: CardAction): string {
  const said = action.confirm === null ? plain(action.label) : plain(yesWords(action));
  return said.length <= slackLimits.modalButton ? said : 'Send';
}

import type { App } from '@slack/bolt';
import type { ModalView, PlainTextOption } from '@slack/types';
import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import { plainText } from '../blocks/buttons.ts';
import { slackLimits } from '../blocks/limits.ts';
import { line, linesBlocks, words } from '../blocks/rich-text.ts';
import { readPressed, readSpot, writeSpot } from '../modals/pressed.ts';
import type { Spot } from '../modals/pressed.ts';
import { answerPressed, openModal } from '../modals/show.ts';
import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

/** Opens the choice of what was begun in the channel, to be forgotten. */
export const FORGET_HERE = 'bind:forget';
const FORGET_MODAL = 'forget-one';
const CHOSEN = 'conversation';
/** Slack shows no more in a menu; the newest come first. */
const MAX_OPTIONS = 100;
const OPTION_CHARS = 75;

const Submission = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  view: z.looseObject({
    private_metadata: z.string(),
    state: z.looseObject({
      values: z.looseObject({
        [CHOSEN]: z.looseObject({
          [CHOSEN]: z.looseObject({ selected_option: z.looseObject({ value: z.string() }) }),
        }),
      }),
    }),
  }),
});

/** Erases a conversation that was begun in a channel, once a person has chosen it in a modal that says what goes. */
export function forgetFromCard(app: App, tools: SlackTools): void {
  app.action(FORGET_HERE, async ({ body }) => {
    const pressed = readPressed(body);
    if (pressed === null || pressed.spot === null) return;
    const options = await begunIn(tools, pressed.spot.channel);
    if (options.length === 0) await answerPressed(tools, pressed, 'Nothing that was begun in this channel is kept.');
    else await openModal(tools, pressed, choice(options, pressed.spot));
  });
  app.view(FORGET_MODAL, async ({ body }) => {
    const submitted = Submission.safeParse(body).data;
    const spot = readSpot(submitted?.view.private_metadata ?? '');
    if (submitted === undefined || spot === null) return;
    const { id: user } = submitted.user;
    const conversationId = submitted.view.state.values[CHOSEN][CHOSEN].selected_option.value;
    await tell(tools, { ...spot, user }, await forget(tools, actorOf(user), conversationId));
  });
}

async function begunIn(tools: SlackTools, channel: string): Promise<PlainTextOption[]> {
  const bound = await tools.desk.channel(placeOf(tools, channel));
  const project = bound === null ? null : await tools.desk.project(bound.projectId);
  const ideas = (project?.ideas ?? []).toSorted((a, b) => b.at.localeCompare(a.at));
  const found = await Promise.all(
    ideas.slice(0, MAX_OPTIONS).map(async ({ conversationId, title }) => {
      const root = await tools.surfacePosts.rootOf('slack', { kind: 'idea', id: conversationId });
      return root?.channel === channel ? [{ value: conversationId, text: plainText(title, OPTION_CHARS) }] : [];
    }),
  );
  return found.flat();
}

function choice(options: PlainTextOption[], spot: Spot): ModalView {
  return {
    type: 'modal',
    callback_id: FORGET_MODAL,
    private_metadata: writeSpot(spot),
    title: plainText('Forget a conversation', slackLimits.modalTitle),
    submit: plainText('Forget it for good', slackLimits.modalButton),
    close: plainText('Not now', slackLimits.modalButton),
    blocks: [
      ...linesBlocks([
        line(
          words(
            'Its words, its canvas, its stories and what was handed on in its tasks are erased here for good. Code that was merged stays, and what people wrote stays in Slack until it is deleted there.',
          ),
        ),
      ]),
      {
        type: 'input',
        block_id: CHOSEN,
        label: plainText('Which one?', slackLimits.inputLabel),
        element: { type: 'static_select', action_id: CHOSEN, options },
      },
    ],
  };
}

async function forget({ desk }: SlackTools, actor: string, conversationId: string): Promise<string> {
  try {
    await desk.forget(actor, conversationId);
    return 'The words of this conversation are erased.';
  } catch (error) {
    if (error instanceof FactoryError) return `${error.message} ${error.fix}`;
    throw error;
  }
}

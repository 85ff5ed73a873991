import type { ModalView } from '@slack/types';
import { plainText } from '../blocks/buttons.ts';
import { drawNote } from '../blocks/draw-post.ts';
import { slackLimits } from '../blocks/limits.ts';
import { callFaultOf } from '../call-fault.ts';
import { actorsIn } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';
import type { Pressed } from './pressed.ts';

type Tools = Pick<SlackTools, 'client' | 'contextFor' | 'log'>;

const TOO_LATE = 'That took longer than the three seconds that Slack allows. Please press again.';
const NOT_SHOWN = 'Slack did not open the window for this. Please press again in a moment.';

/** Opens a modal, over the one in which it was asked for. What keeps it from opening is said to the person. */
export async function openModal(tools: Tools, pressed: Pressed, view: ModalView): Promise<void> {
  const method = pressed.modal === null ? 'open' : 'push';
  const error = await refusalOf(() =>
    method === 'open'
      ? tools.client.apiCall('views.open', { trigger_id: pressed.trigger, view })
      : tools.client.apiCall('views.push', { trigger_id: pressed.trigger, view }),
  );
  // Spent already: an earlier try, whose answer was lost, opened it.
  if (error === null || error === 'exchanged_trigger_id') return;
  if (error === 'push_limit_reached') return changeModal(tools, pressed, view);
  tools.log.warn({ surface: 'slack', error }, 'a modal did not open');
  await answerPressed(tools, pressed, error === 'expired_trigger_id' ? TOO_LATE : NOT_SHOWN);
}

/** Another view in the place of the modal in which it was asked for. One that was closed meanwhile stays closed. */
export async function changeModal(tools: Tools, pressed: Pressed, view: ModalView): Promise<void> {
  if (pressed.modal === null) return openModal(tools, pressed, view);
  const error = await refusalOf(() => tools.client.apiCall('views.update', { view_id: pressed.modal, view }));
  if (error === null || error === 'not_found') return;
  tools.log.warn({ surface: 'slack', error }, 'a modal did not change');
  if (pressed.spot !== null) await tell(tools, { ...pressed.spot, user: pressed.user }, NOT_SHOWN);
}

/** Says something to the one who pressed: in the modal where they did, else beside the card, for them alone. */
export async function answerPressed(tools: Tools, pressed: Pressed, text: string): Promise<void> {
  if (pressed.modal === null) {
    if (pressed.spot !== null) await tell(tools, { ...pressed.spot, user: pressed.user }, text);
    return;
  }
  const { blocks } = drawNote(text, await tools.contextFor(actorsIn(text)));
  await changeModal(tools, pressed, {
    type: 'modal',
    title: plainText('Answer', slackLimits.modalTitle),
    close: plainText('Close', slackLimits.modalButton),
    blocks,
  });
}

/** Slack's own word for why not; null: it was done. Without an answer it is asked once more: that shows nothing twice. */
async function refusalOf(call: () => Promise<unknown>, triesLeft = 1): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    const fault = callFaultOf(error);
    if (fault.kind === 'unanswered' && triesLeft > 0) return refusalOf(call, triesLeft - 1);
    return fault.kind === 'refused' ? fault.error : fault.kind;
  }
}

import type { App } from '@slack/bolt';
import { FactoryError } from '#src/errors.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { buttonRows, plainText } from '../blocks/buttons.ts';
import { slackLimits } from '../blocks/limits.ts';
import { readPressed } from '../modals/pressed.ts';
import { answerPressed } from '../modals/show.ts';
import { actorOf } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';
import type { Whereabouts } from '../tell.ts';

const FORGET = 'forget:conversation';

/** Whether somebody asks for the words of the thread to be erased. */
export function isForget(text: string): boolean {
  return /^\/?forget\s*[.!]?$/i.test(text.trim());
}

/** Asks once more, with a button: words alone erase nothing. */
export async function offerForget(tools: SlackTools, where: Whereabouts, thread: ThreadRef): Promise<void> {
  const conversation = thread.kind === 'task' ? ((await tools.desk.thread(thread))?.idea ?? null) : thread;
  if (conversation === null) return;
  const [row] = buttonRows([
    {
      type: 'button',
      action_id: FORGET,
      style: 'danger',
      text: plainText('Forget', slackLimits.buttonLabel),
      value: conversation.id,
      confirm: {
        title: plainText('Forget this conversation?', slackLimits.confirmTitle),
        text: plainText(
          'Its words, its canvas, its stories and what was handed on in its tasks are erased for good.',
          slackLimits.confirmText,
        ),
        confirm: plainText('Yes, forget', slackLimits.confirmButton),
        deny: plainText('Not now', slackLimits.confirmButton),
        style: 'danger',
      },
    },
  ]);
  const text =
    'The words of this conversation can be erased here for good, with what was made of them. Code that was merged stays, and what people wrote stays in Slack until it is deleted there.';
  await tell(tools, where, text, row === undefined ? [] : [row]);
}

/** Erases a conversation once somebody has confirmed it. */
export function forgetConversations(app: App, tools: SlackTools): void {
  app.action(FORGET, async ({ body }) => {
    const pressed = readPressed(body);
    if (pressed === null || pressed.value === undefined) return;
    await answerPressed(tools, pressed, await forget(tools, actorOf(pressed.user), pressed.value));
  });
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

import type { App } from '@slack/bolt';
import * as z from 'zod';
import { INPUT_MODAL, readChoices } from '../blocks/draw-input-modal.ts';
import { actionOf } from '../blocks/press-value.ts';
import { readWordsModal } from '../modals/words-modal.ts';
import { actorOf } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

const Submission = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  view: z.looseObject({
    private_metadata: z.string(),
    state: z.looseObject({
      values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().nullish() }))),
    }),
  }),
});

/** Words that were given to an action of a card. */
export function hearModals(app: App, tools: SlackTools): void {
  app.view(INPUT_MODAL, async ({ body }) => {
    const submitted = Submission.safeParse(body).data;
    const kept = readWordsModal(submitted?.view.private_metadata ?? '');
    if (submitted === undefined || kept === null) return;
    const { press, spot } = kept;
    const post = await tools.posts.get(press.post);
    const action = post === null ? null : actionOf(post, press.actionId);
    const { text } = await tools.desk.press({
      actor: actorOf(submitted.user.id),
      postId: press.post,
      postVersion: press.version,
      action: action?.name ?? press.actionId,
      input: wordsIn(submitted.view.state.values),
      chosen: readChoices(submitted.view.state.values),
    });
    if (text !== null && spot !== null) await tell(tools, { ...spot, user: submitted.user.id }, text);
  });
}

/** There is one field. */
function wordsIn(values: z.infer<typeof Submission>['view']['state']['values']): string | null {
  const fields = Object.values(values).flatMap((block) => Object.values(block));
  return fields.find(({ value }) => typeof value === 'string')?.value ?? null;
}

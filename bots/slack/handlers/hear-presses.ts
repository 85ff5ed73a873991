import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Post } from '#src/ports/chat.ts';
import { drawFold } from '../blocks/draw-fold.ts';
import { askedWhy, drawWhy } from '../blocks/draw-why.ts';
import { actionOf, pressKinds, readPressValue } from '../blocks/press-value.ts';
import type { PressKind, PressValue } from '../blocks/press-value.ts';
import type { DrawContext } from '../blocks/slack-message.ts';
import { linksOf } from '../links.ts';
import { readPressed, writeSpot } from '../modals/pressed.ts';
import type { Pressed } from '../modals/pressed.ts';
import { answerPressed, changeModal, openModal } from '../modals/show.ts';
import { drawWordsModal } from '../modals/words-modal.ts';
import { actorOf, actorsIn } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { createDiffs } from './show-diff.ts';

const NOT_HERE = 'This card is not here any more.';
const CHANGED = 'The card changed since you saw it. Look at it again, then press.';
const DONE = 'Done. The card shows what came of it.';

/** What people press on cards. Everything a press means is read from the post that is kept, never from the press. */
export function hearPresses(app: App, tools: SlackTools): void {
  const hear = (kind: PressKind, act: (pressed: Pressed, value: PressValue) => Promise<void>): void => {
    app.action(new RegExp(`^${kind}:`), async ({ body }) => {
      const pressed = readPressed(body);
      if (pressed === null) return;
      const value = readPressValue(pressed.value);
      if (value === null) await answerPressed(tools, pressed, NOT_HERE);
      else await act(pressed, value);
    });
  };
  hear(pressKinds.card, (pressed, value) => useAction(tools, pressed, value));
  hear(pressKinds.fold, (pressed, value) => show(tools, pressed, value, foldOf));
  hear(pressKinds.page, (pressed, value) => show(tools, pressed, value, foldOf));
  hear(pressKinds.why, (pressed, value) => show(tools, pressed, value, whyOf));
  hear(pressKinds.whyPage, (pressed, value) => show(tools, pressed, value, whyOf));
  const showDiff = createDiffs(tools);
  hear(pressKinds.diff, (pressed, value) => showDiff(pressed, value.task ?? ''));
}

async function useAction(tools: SlackTools, pressed: Pressed, { post: postId, version }: PressValue): Promise<void> {
  const post = await tools.posts.get(postId);
  const action = post === null ? null : actionOf(post, pressed.actionId);
  if (post !== null && action !== null && action.input !== null) {
    // The version that the person saw rides along, so that a card that changed meanwhile is not decided unseen.
    const context = await contextOf(tools, post);
    await openModal(tools, pressed, drawWordsModal({ ...post, version }, action, context, pressed.spot));
    return;
  }
  const { text } = await tools.desk.press({
    actor: actorOf(pressed.user),
    postId,
    postVersion: version,
    action: action?.name ?? pressed.actionId,
    input: null,
  });
  if (text !== null) await answerPressed(tools, pressed, text);
  else if (pressed.modal !== null) await answerPressed(tools, pressed, DONE);
}

type View = (tools: SlackTools, post: Post, value: PressValue) => Promise<ModalView | null>;

/** A modal that only shows something; another page of it takes the place of the one that is open. */
async function show(tools: SlackTools, pressed: Pressed, value: PressValue, viewOf: View): Promise<void> {
  const post = await tools.posts.get(value.post);
  const drawn = post === null ? null : await viewOf(tools, post, value);
  if (drawn === null) {
    await answerPressed(tools, pressed, post === null ? NOT_HERE : CHANGED);
    return;
  }
  const view = pressed.spot === null ? drawn : { ...drawn, private_metadata: writeSpot(pressed.spot) };
  if (value.page === undefined) await openModal(tools, pressed, view);
  else await changeModal(tools, pressed, view);
}

async function foldOf(tools: SlackTools, post: Post, { path = '', page = 0 }: PressValue): Promise<ModalView | null> {
  return drawFold(post, path, page, await contextOf(tools, post));
}

async function whyOf(tools: SlackTools, post: Post, { path = '', page = 0 }: PressValue): Promise<ModalView | null> {
  const asked = askedWhy(post, path, page);
  if (asked === null) return null;
  const said = await Promise.all(
    asked.items.map(async ({ why }) => (why === null ? [] : tools.desk.why(why.conversationId, why.positions))),
  );
  return drawWhy(post, asked, said, await contextOf(tools, post, said));
}

async function contextOf(tools: SlackTools, post: Post, besides: unknown = null): Promise<DrawContext> {
  const [context, linkTo] = await Promise.all([tools.contextFor(actorsIn([post.card, besides])), linksOf(tools, post)]);
  return { ...context, linkTo };
}

import type { ActionsBlock, Button, ConfirmationDialog, PlainTextElement } from '@slack/types';
import type { CardAction, Post } from '#src/ports/chat.ts';
import { slackLimits } from './limits.ts';
import { actionIdOf, pressKinds, writePressValue } from './press-value.ts';
import type { PressKind, PressValue } from './press-value.ts';
import { plain, shorten } from './words.ts';

/** `emoji: false`: what looks like `:tada:` stays what somebody wrote. */
export function plainText(text: string, max: number): PlainTextElement {
  const said = plain(text);
  return { type: 'plain_text', text: said === '' ? '–' : shorten(said, max), emoji: false };
}

/** A card's action. One that takes words asks in its modal, so it does not ask here too. */
export function cardButton(post: Post, action: CardAction): Button {
  return {
    type: 'button',
    action_id: actionIdOf(pressKinds.card, action.name),
    text: plainText(action.label, slackLimits.buttonLabel),
    value: writePressValue({ post: post.id, version: post.version }),
    ...(action.style === 'plain' ? {} : { style: action.style }),
    ...(action.confirm === null || action.input !== null ? {} : { confirm: confirmation(action, action.confirm) }),
  };
}

function confirmation(action: CardAction, question: string): ConfirmationDialog {
  return {
    title: plainText(action.label, slackLimits.confirmTitle),
    text: plainText(question, slackLimits.confirmText),
    confirm: plainText(yesWords(action), slackLimits.confirmButton),
    deny: plainText('Not now', slackLimits.confirmButton),
    ...(action.style === 'plain' ? {} : { style: action.style }),
  };
}

/** The button that goes through with it names what it does. */
export function yesWords({ label, style }: CardAction): string {
  return style === 'danger' ? `Yes, ${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** A button that only shows something. `at.path` and `at.page` also make its id. */
export function openButton(
  post: Post,
  kind: PressKind,
  label: string,
  at: Omit<PressValue, 'post' | 'version'>,
): Button {
  const name = at.page === undefined ? at.path : String(at.page);
  return {
    type: 'button',
    action_id: actionIdOf(kind, name === undefined || name === '' ? 'all' : name),
    text: plainText(label, slackLimits.buttonLabel),
    value: writePressValue({ post: post.id, version: post.version, ...at }),
  };
}

/** `place` tells several of one card apart. */
export function diffButton(post: Post, taskId: string, place: string): Button {
  return {
    type: 'button',
    action_id: actionIdOf(pressKinds.diff, place),
    text: plainText('View diff', slackLimits.buttonLabel),
    value: writePressValue({ post: post.id, version: post.version, task: taskId }),
  };
}

/** Rows of buttons, as many as they need. */
export function buttonRows(buttons: readonly Button[]): ActionsBlock[] {
  const rows: ActionsBlock[] = [];
  for (let at = 0; at < buttons.length; at += slackLimits.elementsInActions) {
    rows.push({ type: 'actions', elements: buttons.slice(at, at + slackLimits.elementsInActions) });
  }
  return rows;
}

import type { Button, KnownBlock, ModalView } from '@slack/types';
import { drawFold } from '#bots/slack/blocks/draw-fold.ts';
import { drawPost } from '#bots/slack/blocks/draw-post.ts';
import { askedWhy, drawWhy } from '#bots/slack/blocks/draw-why.ts';
import { pressKinds, readPressValue } from '#bots/slack/blocks/press-value.ts';
import type { DrawContext, SlackMessage } from '#bots/slack/blocks/slack-message.ts';
import type { WhyView } from '#src/desk/desk.ts';
import type { Post } from '#src/ports/chat.ts';

export interface Reached {
  message: SlackMessage;
  views: ModalView[];
  buttons: Button[];
}

/** The message and every modal that a person can get to from it by pressing what is shown. */
export function reachable(post: Post, context: DrawContext, said: readonly WhyView[] = []): Reached {
  const message = drawPost(post, context);
  const views: ModalView[] = [];
  const buttons = buttonsIn(message.blocks);
  const pressed = new Set<string>();
  for (const { action_id: id = '', value } of buttons) {
    const [kind = ''] = id.split(':');
    const at = readPressValue(value);
    const key = `${kind === pressKinds.page ? pressKinds.fold : kind === pressKinds.whyPage ? pressKinds.why : kind}${JSON.stringify([at?.path, at?.page ?? 0])}`;
    if (at?.path === undefined || pressed.has(key)) continue;
    pressed.add(key);
    const view = open(kind, at.path, at.page ?? 0);
    if (view === null) throw new Error(`${id} leads nowhere.`);
    views.push(view);
    buttons.push(...buttonsIn(view.blocks as KnownBlock[]));
  }
  return { message, views, buttons };

  function open(kind: string, path: string, page: number): ModalView | null {
    if (kind === pressKinds.fold || kind === pressKinds.page) return drawFold(post, path, page, context);
    const asked = askedWhy(post, path, page);
    if (asked === null) return null;
    return drawWhy(
      post,
      asked,
      asked.items.map(() => said),
      context,
    );
  }
}

export function buttonsIn(blocks: readonly KnownBlock[]): Button[] {
  return blocks.flatMap((block) => {
    if (block.type === 'actions')
      return block.elements.filter((element): element is Button => element.type === 'button');
    return block.type === 'section' && block.accessory?.type === 'button' ? [block.accessory] : [];
  });
}

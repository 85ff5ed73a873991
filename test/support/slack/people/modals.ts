import type { BlockRules } from '../blocks/block-rules.ts';
import type { Deliveries, Delivery } from '../delivery/deliveries.ts';
import { checkedView, pushView, replaceView, viewJson } from '../web-api/views.ts';
import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackUser, SlackView } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { fillView } from './fill-view.ts';
import type { Filled } from './fill-view.ts';
import { gesture, newTrigger } from './payloads.ts';

/** What came of a submission. */
export interface Submitted {
  delivery: Delivery;
  /** By block id: what the app says is wrong. The modal stays open. */
  errors: Readonly<Record<string, string>>;
}

export interface Modals {
  /** The topmost, as its person sees it. */
  top(user: SlackUser): SlackView | null;
  submit(user: SlackUser, filled: Filled): Promise<Submitted>;
  close(user: SlackUser): Promise<Delivery | null>;
}

export function createModals(workspace: Workspace, deliveries: Deliveries, rules: BlockRules): Modals {
  const top = (user: SlackUser): SlackView | null =>
    workspace.views.get(workspace.modals.get(user.id)?.at(-1) ?? '') ?? null;
  const open = (user: SlackUser): SlackView => {
    const view = top(user);
    if (view === null) throw new Error(`${user.name} has no modal open.`);
    return view;
  };
  const pop = (user: SlackUser): void => void workspace.modals.get(user.id)?.pop();

  const act = (user: SlackUser, view: SlackView, answer: Json): Readonly<Record<string, string>> => {
    const call = { rules, workspace, app: view.app };
    const next = isObject(answer.view) ? checkedView(call, answer.view, 'modal') : null;
    if (answer.response_action === 'errors' && isObject(answer.errors)) return answer.errors as Record<string, string>;
    if (answer.response_action === 'clear') workspace.modals.set(user.id, []);
    else if (answer.response_action === 'update' && next !== null) replaceView(workspace, view, next);
    else if (answer.response_action === 'push' && next !== null) pushView(call, user.id, next);
    else pop(user);
    return {};
  };

  return {
    top,
    async submit(user, filled) {
      const view = open(user);
      fillView(view, filled);
      const delivery = await deliveries.send(view.app, 'interactive', 'view_submission', {
        type: 'view_submission',
        ...gesture(workspace, view.app, user),
        trigger_id: newTrigger(workspace, view.app, user),
        view: viewJson(workspace, view),
        response_urls: [],
      });
      return { delivery, errors: delivery.answer === null ? {} : act(user, view, delivery.answer) };
    },
    async close(user) {
      const view = open(user);
      pop(user);
      if (view.view.notify_on_close !== true) return null;
      return deliveries.send(view.app, 'interactive', 'view_closed', {
        type: 'view_closed',
        ...gesture(workspace, view.app, user),
        view: viewJson(workspace, view),
        is_cleared: false,
      });
    },
  };
}

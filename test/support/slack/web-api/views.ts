import { withBlockIds } from '../blocks/checked-blocks.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackView } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { bot } from './method.ts';
import type { Call, Method } from './method.ts';
import { Refusal } from './refusal.ts';

/** Slack gives an app three seconds to answer a gesture with a modal. Here they pass when a test moves the clock. */
const TRIGGER_MS = 3_000;
const STACK_LIMIT = 3;

export const VIEWS: Readonly<Record<string, Method>> = {
  'views.open': bot([], (call) => {
    const userId = spendTrigger(call);
    const view = createView(call, { userId, view: readView(call, 'modal'), previous: null });
    call.workspace.modals.set(userId, [view.id]);
    return { view: viewJson(call.workspace, view) };
  }),

  'views.push': bot([], (call) => {
    const userId = spendTrigger(call);
    const stack = call.workspace.modals.get(userId) ?? [];
    const previous = call.workspace.views.get(stack.at(-1) ?? '');
    if (previous === undefined || previous.app !== call.app) throw new Refusal('view_not_found');
    if (stack.length >= STACK_LIMIT) throw new Refusal('push_limit_reached');
    const view = createView(call, { userId, view: readView(call, 'modal'), previous });
    stack.push(view.id);
    return { view: viewJson(call.workspace, view) };
  }),

  'views.update': bot([], (call) => {
    const { workspace, app, args } = call;
    const id = args.optionalText('view_id');
    const externalId = args.optionalText('external_id');
    const view = [...workspace.views.values()].find((one) =>
      id === null ? one.view.external_id === externalId && externalId !== null : one.id === id,
    );
    const isOpen = view !== undefined && workspace.modals.get(view.userId)?.includes(view.id) === true;
    if (view === undefined || view.app !== app || !isOpen) throw new Refusal('not_found');
    refuseStale(args.optionalText('hash'), view);
    replaceView(workspace, view, readView(call, 'modal'));
    return { view: viewJson(workspace, view) };
  }),

  'views.publish': bot([], (call) => {
    const { workspace, app, args } = call;
    const userId = args.text('user_id', 'user_not_found');
    if (!workspace.users.has(userId)) throw new Refusal('user_not_found');
    const key = `${app.id}/${userId}`;
    const old = workspace.views.get(workspace.homes.get(key) ?? '');
    if (old !== undefined) refuseStale(args.optionalText('hash'), old);
    const view = createView(call, { userId, view: readView(call, 'home'), previous: null });
    workspace.homes.set(key, view.id);
    return { view: viewJson(workspace, view) };
  }),
};

function spendTrigger({ workspace, app, args }: Call): string {
  const id = args.text('trigger_id', 'invalid_trigger_id');
  const trigger = workspace.triggers.get(id);
  if (trigger === undefined || trigger.appId !== app.id) throw new Refusal('invalid_trigger_id');
  if (workspace.clock.movedMs() - trigger.movedMs > TRIGGER_MS) throw new Refusal('expired_trigger_id');
  if (trigger.isUsed) throw new Refusal('exchanged_trigger_id');
  trigger.isUsed = true;
  return trigger.userId;
}

function refuseStale(hash: string | null, view: SlackView): void {
  if (hash !== null && hash !== view.hash) throw new Refusal('hash_conflict');
}

function readView(call: Call, surface: 'modal' | 'home'): Json {
  const view = call.args.object('view', 'invalid_arguments');
  if (view === null) throw new Refusal('invalid_arguments');
  return checkedView(call, view, surface);
}

/** The view with its ids filled in, or a refusal that says where it is wrong. */
export function checkedView(
  { rules, workspace }: Pick<Call, 'rules' | 'workspace'>,
  view: Json,
  surface: 'modal' | 'home',
): Json {
  const faults = [
    ...rules.viewFaults(view, surface),
    ...(Array.isArray(view.blocks) ? rules.blockFaults(view.blocks, surface, workspace.features) : []),
  ];
  if (faults.length > 0) throw new Refusal('invalid_arguments', { response_metadata: { messages: faults } });
  return { ...view, blocks: withBlockIds(workspace, view.blocks as Json[]) };
}

function createView(
  { workspace, app }: Pick<Call, 'workspace' | 'app'>,
  { userId, view, previous }: { userId: string; view: Json; previous: SlackView | null },
): SlackView {
  const id = workspace.ids.next('V');
  const created: SlackView = {
    id,
    app,
    userId,
    hash: workspace.clock.nextTs(),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id ?? null,
    view,
    values: {},
  };
  workspace.views.set(id, created);
  return created;
}

/** What people have typed stays where block and action keep their ids. */
export function replaceView(workspace: Workspace, view: SlackView, by: Json): void {
  view.view = by;
  view.hash = workspace.clock.nextTs();
}

export function pushView(call: Pick<Call, 'workspace' | 'app'>, userId: string, view: Json): void {
  const stack = call.workspace.modals.get(userId) ?? [];
  const previous = call.workspace.views.get(stack.at(-1) ?? '') ?? null;
  call.workspace.modals.set(userId, [...stack, createView(call, { userId, view, previous }).id]);
}

export function viewJson(workspace: Workspace, { id, app, hash, rootId, previousId, view, values }: SlackView): Json {
  return {
    callback_id: '',
    private_metadata: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...view,
    id,
    team_id: workspace.team.id,
    app_id: app.id,
    app_installed_team_id: workspace.team.id,
    bot_id: app.botId,
    hash,
    root_view_id: rootId,
    previous_view_id: previousId,
    state: { values },
  };
}

import { isObject, objects, textOf } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackView } from '../workspace/types.ts';

/** What a person puts into a modal: by label, block id or action id. A list for what takes several. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

/** Puts the answers in, with the rest as it stood at first. Refuses what Slack's own client would not let go. */
export function fillView(view: SlackView, filled: Filled): void {
  const unused = new Set(Object.keys(filled));
  for (const block of objects(view.view.blocks)) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const element = block.element;
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const key = [textOf(block.label), blockId, actionId].find((name) => filled[name] !== undefined);
    const old = view.values[blockId]?.[actionId];
    const said = key === undefined ? undefined : filled[key];
    if (key !== undefined) unused.delete(key);
    const state = said === undefined ? (old ?? initialState(element)) : stateOf(element, said);
    if (isEmpty(state) && block.optional !== true)
      throw new Error(`Slack asks for “${textOf(block.label)}” before it submits.`);
    view.values[blockId] = { [actionId]: state };
  }
  if (unused.size > 0) throw new Error(`The modal has no field ${[...unused].join(', ')}.`);
}

function isEmpty(state: Json): boolean {
  const { type: _, ...values } = state;
  return Object.values(values).every(
    (value) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** Where each kind of element keeps what was chosen. */
const PLACES: Readonly<Record<string, string>> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};

function placeOf(element: Json): string {
  const place = PLACES[String(element.type)];
  if (place === undefined) throw new Error(`The stand-in cannot fill in ${String(element.type)} yet.`);
  return place;
}

function initialState(element: Json): Json {
  const place = placeOf(element);
  const initial = place === 'value' ? element.initial_value : element[place.replace('selected_', 'initial_')];
  return { type: element.type, [place]: initial ?? (place.endsWith('s') ? [] : null) };
}

function stateOf(element: Json, said: string | readonly string[]): Json {
  const place = placeOf(element);
  const list = typeof said === 'string' ? [said] : said;
  const choose = (label: string): Json => optionNamed(element, label);
  if (place === 'selected_options') return { type: element.type, [place]: list.map(choose) };
  if (place === 'selected_option') return { type: element.type, [place]: choose(list[0] ?? '') };
  if (place.endsWith('s')) return { type: element.type, [place]: list };
  return { type: element.type, [place]: checkedText(element, list[0] ?? '') };
}

function checkedText(element: Json, text: string): string {
  const max = typeof element.max_length === 'number' ? element.max_length : 3000;
  if (element.type === 'plain_text_input' && text.length > max)
    throw new Error(`Slack takes at most ${max} characters there.`);
  return text;
}

export function optionNamed(element: Json, label: string): Json {
  const options = [
    ...objects(element.options),
    ...objects(element.option_groups).flatMap((group) => objects(group.options)),
  ];
  const found = options.find((option) => textOf(option.text) === label || option.value === label);
  if (found === undefined) throw new Error(`There is no option “${label}”.`);
  return found;
}

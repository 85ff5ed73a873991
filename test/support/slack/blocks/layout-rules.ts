import type { Features } from '../workspace/setup.ts';
import { isObject, objects, textOf } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { BlockSurface } from './block-rules.ts';
import { tell } from './fault-text.ts';

const BLOCK_LIMITS: Readonly<Record<BlockSurface, number>> = { message: 50, modal: 100, home: 100 };
/** The reference names messages as their only surface. */
const MESSAGES_ONLY = new Set([
  'markdown',
  'plan',
  'task_card',
  'table',
  'data_table',
  'context_actions',
  'card',
  'carousel',
]);
const PLAN_BLOCKS = new Set(['plan', 'task_card']);
const MARKDOWN_LIMIT = 12_000;

/** What no schema of one block can say: how many there are, which stand where, and whether their names are their own. */
export function layoutFaults(blocks: readonly unknown[], surface: BlockSurface, features: Features): string[] {
  const faults: string[] = [];
  const limit = BLOCK_LIMITS[surface];
  if (blocks.length > limit) faults.push(tell(`no more than ${limit} items allowed`, '/blocks'));
  const seen = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block)) continue;
    const at = `/blocks/${index}`;
    if (block.block_id !== undefined && seen.has(block.block_id))
      faults.push(tell(`\`block_id\` ${textOf(block.block_id)} already exists`, `${at}/block_id`));
    seen.add(block.block_id);
    const type = String(block.type);
    const isUnknown = PLAN_BLOCKS.has(type) && !features.planBlocks;
    const isMisplaced = (surface !== 'message' && MESSAGES_ONLY.has(type)) || type === 'file';
    if (isUnknown || isMisplaced) faults.push(tell(`unsupported type: ${type}`, `${at}/type`));
    if (type === 'section' && block.text === undefined && block.fields === undefined)
      faults.push(tell('missing required field: text', at));
    faults.push(...elementFaults(block, at));
  }
  if (objects(blocks).filter(({ type }) => type === 'table').length > 1)
    faults.push(tell('only_one_table_allowed', '/blocks'));
  const markdown = objects(blocks).reduce(
    (sum, { type, text }) => sum + (type === 'markdown' ? String(text).length : 0),
    0,
  );
  if (markdown > MARKDOWN_LIMIT) faults.push(tell(`must be less than ${MARKDOWN_LIMIT + 1} characters`, '/blocks'));
  return faults;
}

function elementFaults(block: Json, at: string): string[] {
  const seen = new Set<unknown>();
  return [...objects(block.elements).entries()].flatMap(([index, { action_id: id }]) => {
    const isTaken = id !== undefined && seen.has(id);
    seen.add(id);
    return isTaken ? [tell(`\`action_id\` ${textOf(id)} already exists`, `${at}/elements/${index}/action_id`)] : [];
  });
}

export function viewLayoutFaults(view: Json): string[] {
  const takesInput = objects(view.blocks).some(({ type }) => type === 'input');
  return view.type === 'modal' && takesInput && view.submit === undefined
    ? [tell('missing required field: submit', '/view')]
    : [];
}

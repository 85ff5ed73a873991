import { Refusal } from '../web-api/refusal.ts';
import { isObject, objects } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { BlockRules, BlockSurface } from './block-rules.ts';

/** The blocks with the ids that Slack fills in, or a refusal that says where they are wrong. */
export function checkedBlocks(
  rules: BlockRules,
  workspace: Workspace,
  blocks: readonly unknown[],
  surface: BlockSurface,
): Json[] {
  const faults = rules.blockFaults(blocks, surface, workspace.features);
  if (faults.length > 0)
    throw new Refusal('invalid_blocks', {
      errors: faults.map((fault) => fault.replace(/^\[ERROR\] /, '')),
      response_metadata: { messages: faults },
    });
  return withBlockIds(workspace, blocks);
}

/** Slack names every block and every element that the app left without a name. */
export function withBlockIds(workspace: Workspace, blocks: readonly unknown[]): Json[] {
  return objects(structuredClone(blocks)).map((block) => withIds(workspace, block));
}

function withIds(workspace: Workspace, block: Json): Json {
  const elements = [block.accessory, block.element, ...asList(block.elements), ...asList(block.actions)];
  for (const element of elements)
    if (isObject(element) && isActive(element)) element.action_id ??= workspace.ids.next('a');
  for (const child of [...asList(block.child_blocks), ...cards(block)]) if (isObject(child)) withIds(workspace, child);
  block.block_id ??= workspace.ids.next('b');
  return block;
}

function cards(block: Json): unknown[] {
  return block.type === 'carousel' ? asList(block.elements) : [];
}

const STILL = new Set(['image', 'mrkdwn', 'plain_text', 'card']);

function isActive(element: Json): boolean {
  return typeof element.type === 'string' && !STILL.has(element.type) && !element.type.startsWith('rich_text_');
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

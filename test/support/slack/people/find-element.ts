import { isObject, objects, textOf } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';

/** A button or a menu, and the block that it stands in. */
export interface FoundElement {
  element: Json;
  blockId: string;
  /** Of a menu: the option that was meant. */
  option: Json | null;
}

/** What a person can press, by its action id, its label, or the label of one of its options. */
export function findElement(blocks: readonly Json[], what: string): FoundElement {
  const all = blocks.flatMap((block) => elementsOf(block));
  const wanted = what.toLowerCase();
  const found =
    all.find(({ element }) => element.action_id === what) ??
    all.find(({ element }) => textOf(element.text).toLowerCase() === wanted) ??
    all
      .flatMap((one) => objects(one.element.options).map((option) => ({ ...one, option })))
      .find(({ option }) => textOf(option.text).toLowerCase() === wanted || option.value === what);
  if (found !== undefined) return found;
  const labels = all.map(({ element }) => textOf(element.text) || String(element.action_id));
  throw new Error(`There is nothing called “${what}” to press. There is: ${labels.join(', ') || 'nothing'}.`);
}

function elementsOf(block: Json): FoundElement[] {
  const own = [block.accessory, block.element, ...objects(block.elements), ...objects(block.actions)]
    .filter(isObject)
    .filter(({ action_id: id }) => typeof id === 'string')
    .map((element) => ({ element, blockId: String(block.block_id), option: null }));
  const inside = [...objects(block.child_blocks), ...(block.type === 'carousel' ? objects(block.elements) : [])];
  return [...own, ...inside.flatMap((child) => elementsOf(child))];
}

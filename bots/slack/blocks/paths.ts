import type { CardBlock, CardListItem } from '#src/ports/chat.ts';

/** Where a block or an item stands in its card: positions from the outside in, as in `2.0.4`. */
export function pathTo(path: string, index: number): string {
  return path === '' ? String(index) : `${path}.${index}`;
}

/** null: there is none. */
export function blockAt(blocks: readonly CardBlock[], path: string): CardBlock | null {
  const [first = '', ...rest] = path.split('.');
  const block = /^\d{1,6}$/.test(first) ? blocks[Number(first)] : undefined;
  if (block === undefined || rest.length === 0) return block ?? null;
  return block.type === 'fold' ? blockAt(block.blocks, rest.join('.')) : null;
}

/** The items of the list at a path, or the one item there. */
export function itemsAt(blocks: readonly CardBlock[], path: string): CardListItem[] {
  const block = blockAt(blocks, path);
  if (block?.type === 'list') return block.items;
  const end = path.lastIndexOf('.');
  const list = end < 0 ? null : blockAt(blocks, path.slice(0, end));
  const item = list?.type === 'list' ? list.items[Number(path.slice(end + 1))] : undefined;
  return item === undefined ? [] : [item];
}

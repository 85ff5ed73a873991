import type { KnownBlock } from '@slack/types';

/** Slack blocks that stay together: an item and its buttons, a title and its first lines. */
export type Piece = readonly KnownBlock[];

/** Card blocks as pieces in order, and whether anything of them was left out. */
export interface Drawn {
  pieces: Piece[];
  isCut: boolean;
}

export interface Room {
  blocks: number;
  /** Of the blocks' JSON. */
  chars: number;
}

export function joined(drawn: readonly Drawn[]): Drawn {
  return { pieces: drawn.flatMap(({ pieces }) => pieces), isCut: drawn.some(({ isCut }) => isCut) };
}

export function whole(...pieces: Piece[]): Drawn {
  return { pieces, isCut: false };
}

/** For the `block_id` that each block is given at the end. */
const BLOCK_ID_CHARS = 30;

export function roomOf(blocks: readonly KnownBlock[]): Room {
  return { blocks: blocks.length, chars: JSON.stringify(blocks).length + blocks.length * BLOCK_ID_CHARS };
}

/** The first pieces that there is room for. */
export function fill(pieces: readonly Piece[], room: Room): { blocks: KnownBlock[]; rest: Piece[] } {
  const blocks: KnownBlock[] = [];
  const left = { ...room };
  for (const [index, piece] of pieces.entries()) {
    const needs = roomOf(piece);
    if (needs.blocks > left.blocks || needs.chars > left.chars) return { blocks, rest: pieces.slice(index) };
    left.blocks -= needs.blocks;
    left.chars -= needs.chars;
    blocks.push(...piece);
  }
  return { blocks, rest: [] };
}

/** Every piece, on as many pages as they need. At least one page. */
export function pagesOf(pieces: readonly Piece[], room: Room): KnownBlock[][] {
  const pages: KnownBlock[][] = [];
  let rest: readonly Piece[] = pieces;
  do {
    const filled = fill(rest, room);
    const [first = []] = rest;
    // A piece that is larger than a page has one to itself, rather than none.
    const isStuck = filled.blocks.length === 0 && first.length > 0;
    pages.push(isStuck ? [...first] : filled.blocks);
    rest = isStuck ? rest.slice(1) : filled.rest;
  } while (rest.length > 0);
  return pages;
}

/**
 * Names each block by its place. Slack asks for other ids whenever a message changes, so the version is part of them.
 */
export function withIds(blocks: readonly KnownBlock[], version: number): KnownBlock[] {
  return blocks.map((block, index) => ({ ...block, block_id: `v${version}.${index}` }));
}

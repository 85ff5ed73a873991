import { isRecord, listOf, textOf, type JsonRecord } from '../json-shape.ts';

/** One node of the tree that ChatGPT keeps a conversation in. */
export interface TreeNode {
  id: string;
  message: JsonRecord | null;
}

export interface ConversationPath {
  /** From the first message to the last, of the version that the person last looked at. */
  path: TreeNode[];
  /** Messages that lie on other versions only. */
  otherMessages: number;
  /** Nodes that are null in the file. */
  blankNodes: number;
  /** Sentences about what is broken in the tree. */
  problems: string[];
}

interface Tree {
  nodes: Map<string, TreeNode>;
  parents: Map<string, string>;
  blankNodes: number;
}

function readTree(mapping: JsonRecord): Tree {
  const nodes = new Map<string, TreeNode>();
  const parents = new Map<string, string>();
  const listedParents = new Map<string, string>();
  let blankNodes = 0;
  for (const [id, node] of Object.entries(mapping)) {
    if (!isRecord(node)) {
      blankNodes += 1;
      continue;
    }
    nodes.set(id, { id, message: isRecord(node.message) ? node.message : null });
    if (typeof node.parent === 'string') parents.set(id, node.parent);
    for (const child of listOf(node.children)) {
      if (typeof child === 'string') listedParents.set(child, id);
    }
  }
  // `parent` is the truth; `children` (gone since 2026) only fills in where it is missing.
  for (const [child, parent] of listedParents) {
    if (nodes.has(child) && !parents.has(child)) parents.set(child, parent);
  }
  return { nodes, parents, blankNodes };
}

function timeOf(node: TreeNode): number {
  const time = node.message?.create_time;
  if (typeof time === 'number') return time;
  const parsed = typeof time === 'string' ? Date.parse(time) / 1000 : Number.NaN;
  return Number.isNaN(parsed) ? Number.NEGATIVE_INFINITY : parsed;
}

/** The newest node that no other names as its parent; of equals, the one that stands last in the file. */
function newestLeaf(tree: Tree): TreeNode | null {
  const named = new Set(tree.parents.values());
  const leaves = [...tree.nodes.values()].filter((node) => !named.has(node.id));
  // Nothing but cycles leaves no leaf: then any node may be the last one.
  const candidates = leaves.length > 0 ? leaves : [...tree.nodes.values()];
  let newest: TreeNode | null = null;
  for (const node of candidates) {
    if (newest === null || timeOf(node) >= timeOf(newest)) newest = node;
  }
  return newest;
}

/** The path to `currentNode`, walked by parent; without one that exists, to the newest leaf. Linear in the nodes. */
export function walkConversation(mapping: JsonRecord, currentNode: unknown): ConversationPath {
  const tree = readTree(mapping);
  const problems: string[] = [];
  const named = textOf(currentNode);
  let node = (named === null ? undefined : tree.nodes.get(named)) ?? newestLeaf(tree);
  const path: TreeNode[] = [];
  const visited = new Set<string>();
  while (node !== null) {
    visited.add(node.id);
    path.push(node);
    const parent = tree.parents.get(node.id);
    if (parent === undefined) break;
    if (visited.has(parent)) {
      problems.push('Its messages follow each other in a circle; the circle was cut and each message kept once.');
      break;
    }
    const next = tree.nodes.get(parent);
    if (next === undefined)
      problems.push('A message names an earlier one that is not in the file; what came before it is missing.');
    node = next ?? null;
  }
  let otherMessages = 0;
  for (const other of tree.nodes.values()) {
    if (other.message !== null && !visited.has(other.id)) otherMessages += 1;
  }
  return { path: path.reverse(), otherMessages, blankNodes: tree.blankNodes, problems };
}

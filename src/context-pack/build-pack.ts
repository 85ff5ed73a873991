import { chooseFiles } from './choose-files.ts';
import { fillPart } from './fill-part.ts';
import type { FilledPart, Item } from './fill-part.ts';
import type { ContextPack, PackPart, PackRequest } from './pack.ts';
import { packParts } from './pack.ts';
import { rankFiles } from './rank-files.ts';
import type { QueryPart } from './rank-files.ts';
import { estimateTokens } from './tokens.ts';
import {
  projectItems,
  taskItems,
  packetItems,
  peopleItems,
  evidenceItems,
  lessonItems,
  noteItems,
} from './pack-items.ts';
import { treeText } from './tree-text.ts';
import { judgeWanted } from './wanted-paths.ts';

/**
 * What each part may take at most of the budget; what one does not need goes to those after it. Files come last and
 * take all that is left, so that a short task leaves more room for code.
 */
const SHARES: Readonly<Record<Exclude<PackPart, 'files'>, number>> = {
  project: 0.08,
  task: 0.2,
  packets: 0.12,
  people: 0.05,
  evidence: 0.1,
  lessons: 0.04,
  notes: 0.03,
  tree: 0.06,
};

export const HEADINGS: Readonly<Record<PackPart, string>> = {
  project: 'The project',
  task: 'The task',
  packets: 'What colleagues handed on',
  people: "What people said in the task's thread",
  evidence: 'What was said in the conversation',
  files: 'Files that matter',
  tree: 'The tree',
  lessons: 'Lessons that people accepted',
  notes: 'Notes of earlier runs',
};

/** Puts a pack together within its budget. The same request gives the same pack. */
export function buildPack(request: PackRequest): ContextPack {
  const texts: [Exclude<PackPart, 'files' | 'tree'>, Item[]][] = [
    ['project', projectItems(request.project)],
    ['task', taskItems(request.task)],
    ['packets', packetItems(request.packets)],
    ['people', peopleItems(request.steering)],
    ['evidence', evidenceItems(request)],
    ['lessons', lessonItems(request.lessons)],
    ['notes', noteItems(request)],
  ];
  const filled = new Map<PackPart, FilledPart>();
  let carried = 0;
  let left = request.budgetTokens;
  for (const [part, items] of texts) {
    const allowance = Math.floor(SHARES[part] * request.budgetTokens) + carried;
    const made = fillPart(part, HEADINGS[part], items, allowance);
    carried = allowance - made.tokens;
    left -= made.tokens;
    filled.set(part, made);
  }
  const treeTokens = Math.min(left, Math.floor(SHARES.tree * request.budgetTokens));
  const tree = fillPart('tree', HEADINGS.tree, treeItems(request, treeTokens), treeTokens);
  left -= tree.tokens;
  filled.set('tree', tree);
  const wanted = judgeWanted(request.wanted?.named ?? [], request.wanted?.basePaths ?? [], request.repository.texts);
  const named = wanted.flatMap(({ files }) => files);
  const ranking = rankFiles(queryOf(request), { planned: request.focus, named }, request.repository);
  filled.set('files', chooseFiles(HEADINGS.files, ranking, request.repository, left));

  const parts = packParts.flatMap((part) => filled.get(part) ?? []);
  const text = parts.map((part) => part.text).join('');
  return {
    text,
    tokens: estimateTokens(text),
    parts: parts.map(({ part, tokens }) => ({ part, tokens })),
    included: parts.flatMap(({ included }) => included),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
    wanted,
  };
}

function queryOf({ task, packets, steering }: PackRequest): QueryPart[] {
  return [
    { label: 'the title', text: task.title, weight: 2 },
    { label: 'the story', text: task.narrative, weight: 1 },
    ...task.criteria.map(({ id, text, steps }) => ({
      label: `criterion ${id}`,
      text: [text, ...steps].join('\n'),
      weight: 1,
    })),
    ...task.constraints.map((text) => ({ label: 'a constraint', text, weight: 0.5 })),
    ...steering.map(({ by, text }) => ({ label: `what ${by} said`, text, weight: 1 })),
    ...packets.map(({ title, text }) => ({ label: title, text, weight: 0.5 })),
  ].filter(({ text }) => text !== '');
}

function treeItems({ repository }: PackRequest, tokens: number): Item[] {
  const text = treeText(repository.paths, tokens);
  return text === ''
    ? []
    : [{ title: 'Paths of the repository', origin: 'paths of the repository', text, why: 'shows where things are' }];
}

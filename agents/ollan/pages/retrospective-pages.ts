import { contentOfHeld } from '#src/reflection/digest/held.ts';
import type { BuildJob } from '../build-job.ts';

const FOLDER = 'factory/retrospectives/';
const NAME = /^factory\/retrospectives\/(\d{4}-W\d\d)\.md$/;

/**
 * Pages of the weeks that were looked back on since the newest one in the repository, by path; where there is none, that
 * of the last week alone. Quiet weeks have none, and neither have those whose words were erased.
 */
export async function retrospectivePages({ tools, context, repo, branch }: BuildJob): Promise<Map<string, string>> {
  const { unitOfWork, workspace } = tools;
  const { projectId } = context.task;
  const held = await unitOfWork.tables.find('retrospectives', { projectId, isQuiet: false }, { orderBy: 'week' });
  if (held.length === 0) return new Map();
  const there = await workspace.listTree(repo, branch.baseSha);
  const newest = there
    .flatMap(({ path }) => NAME.exec(path)?.[1] ?? [])
    .toSorted()
    .at(-1);
  const missing = newest === undefined ? held.slice(-1) : held.filter(({ week }) => week > newest);
  const pages = new Map<string, string>();
  for (const row of missing) {
    const content = await contentOfHeld(unitOfWork, row);
    if (content !== null) pages.set(`${FOLDER}${row.week}.md`, content.markdown);
  }
  return pages;
}

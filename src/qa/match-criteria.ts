import type { Criterion } from '#src/writers-room/story.ts';
import { compareNames, type ReadName, readCriterion, readTestName } from './criterion-words.ts';
import type { CriterionProof, TestCase } from './report.ts';

/**
 * Says for each criterion which test proves or fails it. A wrong "proven" is worse than an "unproven" too many, so:
 * 1. A tag in a test's name decides: `[c1]`, `@c1`, `(c1)` anywhere, or `c1` at the start of a name (`m1` for those
 *    that a model added). Criteria are numbered anew in every story, so the tag of a test that already passed before
 *    this change is not believed.
 * 2. Else words decide (`compareNames`), and a test counts only for the criterion that it fits best.
 * 3. A failing test that fits outweighs any passing one. Skipped tests prove nothing.
 */
export function matchCriteria(
  criteria: readonly Criterion[],
  cases: readonly TestCase[],
  passedBefore: ReadonlySet<string> = new Set(),
): CriterionProof[] {
  const read = criteria.map((criterion) => ({ id: criterion.id, name: readCriterion(criterion) }));
  const fitting = new Map<string, TestCase[]>(criteria.map(({ id }) => [id, []]));
  for (const testCase of cases) {
    if (testCase.status === 'skipped') continue;
    for (const id of criteriaOf(testCase, read, passedBefore)) fitting.get(id)?.push(testCase);
  }
  return criteria.map(({ id }): CriterionProof => {
    const tests = fitting.get(id) ?? [];
    const failed = tests.find((test) => test.status === 'failed');
    if (failed !== undefined) return { criterionId: id, state: 'failed', test: failed.name };
    const passed = tests[0];
    if (passed !== undefined) return { criterionId: id, state: 'proven', test: passed.name };
    return { criterionId: id, state: 'unproven', test: null };
  });
}

function criteriaOf(
  testCase: TestCase,
  criteria: readonly { id: string; name: ReadName }[],
  passedBefore: ReadonlySet<string>,
): string[] {
  const tags = tagsOf(testCase.name);
  const tagged = criteria.filter(({ id }) => tags.has(id.toLowerCase())).map(({ id }) => id);
  if (tagged.length > 0 && !passedBefore.has(testCase.name)) return tagged;
  const test = readTestName(testCase.name);
  let best = 0;
  let ids: string[] = [];
  for (const { id, name } of criteria) {
    const score = compareNames(name, test);
    if (score === 0 || score < best) continue;
    ids = score > best ? [id] : [...ids, id];
    best = score;
  }
  return ids;
}

function tagsOf(name: string): Set<string> {
  const tags = new Set<string>();
  for (const [, bracketed, at] of name.matchAll(/[[(]([cm]\d{1,3})[\])]|(?<![\w.])@([cm]\d{1,3})\b/gi)) {
    tags.add((bracketed ?? at ?? '').toLowerCase());
  }
  // Bare, at the start of a suite's or a case's own name: `c1 joins words`, `c1: joins words`.
  for (const part of name.split(' > ')) {
    const bare = /^([cm]\d{1,3})(?=[\s:.,)-]|$)/.exec(part)?.[1];
    if (bare !== undefined) tags.add(bare);
  }
  return tags;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildPack } from '#src/context-pack/build-pack.ts';
import type { RepositoryView } from '#src/context-pack/pack.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { casesOf } from './cases.ts';
import type { QualityCase } from './cases.ts';
import { plainBm25 } from './plain-bm25.ts';

export const BUDGETS_TOKENS = [4_000, 16_000, 64_000] as const;

/** The same limits as when a persona works. */
const READ = { maxFileBytes: 256 * 1024, maxTotalBytes: 32 * 1024 * 1024 };
const MAX_COMMITS = 400;

/** Which part of a commit's files a pack holds: `strict` where a changed line is shown, `loose` where anything is. */
export interface Recall {
  strict: number;
  loose: number;
}

export interface CaseResult {
  budgetTokens: number;
  ours: Recall;
  plain: Recall;
  packMs: number;
  /** Reading texts and history through git. */
  readMs: number;
  files: number;
}

export interface RepositoryResult {
  name: string;
  /** `isEven`: by the commit's id, so that a commit stays in its half while the history grows. */
  cases: { isEven: boolean; budgets: CaseResult[] }[];
}

type Shown = ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;

export async function measureRepository(path: string): Promise<RepositoryResult> {
  const mirrorsDir = mkdtempSync(join(tmpdir(), 'factory-quality-'));
  try {
    const workspace = createWorkspace({ mirrorsDir, log: silentLog });
    const folder = resolve(path);
    const facts = await workspace.inspect(folder);
    const repo = { id: 'quality', path: folder, baseBranch: facts.baseBranch };
    const { baseSha } = await workspace.refresh(repo);
    const readable = async (parent: string) => {
      const texts = await workspace.readTexts(repo, parent, READ);
      return (file: string) => texts.has(file);
    };
    const cases: RepositoryResult['cases'] = [];
    for (const one of await casesOf(folder, baseSha, readable)) {
      const isEven = Number.parseInt(one.sha.slice(-1), 16) % 2 === 0;
      cases.push({ isEven, budgets: await measureCase(workspace, repo, one) });
    }
    return { name: nameOf(folder), cases };
  } finally {
    rmSync(mirrorsDir, { recursive: true, force: true });
  }
}

async function measureCase(
  workspace: Workspace,
  repo: Parameters<Workspace['readTexts']>[0],
  one: QualityCase,
): Promise<CaseResult[]> {
  const start = performance.now();
  const texts = await workspace.readTexts(repo, one.parent, READ);
  const history = await workspace.history(repo, one.parent, { maxCommits: MAX_COMMITS });
  const paths = (await workspace.listTree(repo, one.parent)).map((entry) => entry.path);
  const readMs = performance.now() - start;
  return BUDGETS_TOKENS.map((budgetTokens) => {
    const began = performance.now();
    const ours = packed(one, { paths, texts, history }, budgetTokens);
    const packMs = performance.now() - began;
    const plain = plainBm25(`${one.title}\n${one.body}`, texts, budgetTokens);
    return {
      budgetTokens,
      ours: recallOf(one, ours),
      plain: recallOf(one, plain),
      packMs,
      readMs,
      files: texts.size,
    };
  });
}

function packed({ title, body }: QualityCase, repository: RepositoryView, budgetTokens: number): Shown {
  const pack = buildPack({
    budgetTokens,
    project: { goal: null, rules: [], terms: [], done: [], protectedAreas: [] },
    task: { title, narrative: body, criteria: [], constraints: [], openQuestions: [] },
    packets: [],
    steering: [],
    evidence: [],
    focus: [],
    repository,
    lessons: [],
    notes: [],
  });
  if (pack.tokens > budgetTokens) throw new Error(`a pack of ${budgetTokens} tokens took ${pack.tokens}`);
  return new Map(
    pack.included.filter(({ part }) => part === 'files').map(({ title: path, lines }) => [path, lines ?? []]),
  );
}

function recallOf({ changed }: QualityCase, shown: Shown): Recall {
  let strict = 0;
  let loose = 0;
  for (const [path, ranges] of changed) {
    const lines = shown.get(path);
    if (lines === undefined) continue;
    loose += 1;
    if (lines.some(([from, to]) => ranges.some(([first, last]) => from <= last && first <= to))) strict += 1;
  }
  return { strict: strict / changed.size, loose: loose / changed.size };
}

/** A bare copy is often called `repo` or `project.git`; the folder above says more then. */
function nameOf(folder: string): string {
  const name = basename(folder);
  return /^(repo|\.git|main)$/.test(name) ? `${basename(resolve(folder, '..'))}/${name}` : name;
}

import { FactoryError } from '#src/errors.ts';
import type { DiffFacts, HostFile, RepositoryRef } from '#src/ports/workspace.ts';
import { noteJudges } from '#src/review/judges.ts';
import { listed } from '#src/review/quote.ts';
import { takeUp } from '../ollan/take-up.ts';
import { planChecks } from '../tools/checks.ts';
import { importPolicy } from '../tools/import-policy.ts';
import { rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/** What the change does to what judges it, by what the commits hold. */
export async function noteWhatJudges(tools: StepTools, repo: RepositoryRef, facts: DiffFacts): Promise<string[]> {
  const { mergeBaseSha, headSha } = facts;
  const textAt = async (sha: string, path: string): Promise<string | null> => {
    const bytes = await tools.workspace.readFile(repo, sha, path).catch(() => null);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  const { prepare, checks } = await planChecks(tools, repo, mergeBaseSha, mergeBaseSha);
  const recipes = await Promise.all(MAKEFILES.map((path) => textAt(mergeBaseSha, path)));
  const commands = [
    prepare?.command ?? '',
    ...checks.map(({ command }) => command),
    ...recipes.map((text) => text ?? ''),
  ];
  const packageJson = {
    before: await textAt(mergeBaseSha, 'package.json'),
    after: await textAt(headSha, 'package.json'),
  };
  return noteJudges({ packageJson, commands }, facts);
}

/**
 * What the factory's own scan says of commits that somebody pushed past it. People may push what the factory may not,
 * but whoever approves it has to know.
 */
export async function notePushed(
  tools: StepTools,
  repo: RepositoryRef,
  { headSha, baseSha, hostFiles }: { headSha: string; baseSha: string; hostFiles: readonly HostFile[] },
): Promise<string[]> {
  const policy = importPolicy(await rulesAt(tools, repo, baseSha), hostFiles);
  try {
    await takeUp(tools, repo, { headSha, baseSha, policy });
    return [];
  } catch (error) {
    if (!(error instanceof FactoryError) || error.code !== 'import-refused') throw error;
    const found = error.message.replace(/^The work was not taken in\. /, '');
    return [`Somebody pushed to the branch what the factory itself would not take: ${found}`];
  }
}

const SUBMODULE = '160000';
const MAX_NAMED = 5;
/** More than any repository has in earnest; each is a call of git. */
const MAX_ATTRIBUTES = 20;

/** What the checks could not see: neither the code of submodules nor large files are fetched, here or in the sandbox. */
export async function noteNotFetched(
  { workspace }: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  sha: string,
): Promise<string[]> {
  const tree = await workspace.listTree(repo, sha);
  const submodules = tree.filter(({ mode }) => mode === SUBMODULE).map(({ path }) => path);
  const attributes = tree.filter(({ path }) => /(^|\/)\.gitattributes$/.test(path)).slice(0, MAX_ATTRIBUTES);
  const texts = await Promise.all(attributes.map(({ path }) => workspace.readFile(repo, sha, path).catch(() => null)));
  const hasLargeFiles = texts.some((bytes) => bytes !== null && /\bfilter=lfs\b/.test(new TextDecoder().decode(bytes)));
  return [
    ...(submodules.length === 0
      ? []
      : [`Submodules are not fetched, so the checks ran without them: ${listed(submodules, MAX_NAMED)}.`]),
    ...(hasLargeFiles ? ['Large files (Git LFS) are not fetched; the checks saw their pointers.'] : []),
  ];
}

import type { FarSide } from '#infra/git/far-side.ts';
import { type Mirror, readHeads, requireCommit } from '#infra/git/mirror.ts';
import { pushRef } from '#infra/git/push-ref.ts';
import { quoted, requireSha } from '#infra/git/ref-names.ts';
import { isFactoryBranch } from '#src/code-factory/branch-name.ts';
import { FactoryError } from '#src/errors.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';

export interface BranchTools {
  mirrorOf(repo: RepositoryRef): Promise<Mirror>;
  sideOf(repo: RepositoryRef): FarSide;
  /** Throws FactoryError where the branch cannot be moved just now, for a reason that git would not see. */
  beforeMove?(mirror: Mirror, repo: RepositoryRef, move: BranchMove): Promise<void>;
  /** The branch is there now, whoever moved it. */
  afterMove?(mirror: Mirror, branch: string, sha: string): Promise<void>;
}

export interface BranchMove {
  branch: string;
  /** null: it is to be made. */
  expectedSha: string | null;
  sha: string;
}

/** Throws FactoryError `branch-refused` for every name but `factory/<task>-<slug>`: base branches, tags, full refs, refspecs, options. */
export function requireFactoryBranch(repo: RepositoryRef, branch: string): string {
  if (!isFactoryBranch(branch) || branch === repo.baseBranch) {
    throw new FactoryError(
      'branch-refused',
      `The factory pushes only to branches of its own (factory/<task>-<slug>), not to ${quoted(branch)}.`,
      {
        fix: 'Let the factory name the branch. What belongs on another branch goes through a pull request.',
      },
    );
  }
  return branch;
}

/** The factory's branches at the far side, moved under a lease: the same for every forge. */
export function createFactoryBranches(tools: BranchTools): Pick<Forge, 'createBranch' | 'push' | 'branchHead'> {
  const headOf = async (mirror: Mirror, repo: RepositoryRef, branch: string) =>
    (await readHeads(mirror, tools.sideOf(repo), [branch])).get(branch) ?? null;

  /** Where it is now; `pushed`: this call moved it there. Throws when git refuses for another reason. */
  async function move(mirror: Mirror, repo: RepositoryRef, wanted: BranchMove) {
    const { branch, expectedSha } = wanted;
    await tools.beforeMove?.(mirror, repo, wanted);
    const side = tools.sideOf(repo);
    const result = await pushRef(mirror, side, wanted);
    if (result.pushed) return { pushed: !result.wasThere, actualSha: wanted.sha };
    const actualSha = await headOf(mirror, repo, branch);
    if (actualSha !== expectedSha) return { pushed: false, actualSha };
    throw side.explain(result.said) ?? pushFailed(side, branch, result.said);
  }

  return {
    async createBranch(repo, branch, sha) {
      requireFactoryBranch(repo, branch);
      const mirror = await tools.mirrorOf(repo);
      await requireCommit(mirror, requireSha(sha, 'The commit'));
      // Looked for first only where a move may be held up: elsewhere the lease answers the same, with one call less.
      const existing = tools.beforeMove === undefined ? null : await headOf(mirror, repo, branch);
      if (existing !== null) return { outcome: existing === sha ? 'exists' : 'taken' };
      const { pushed, actualSha } = await move(mirror, repo, { branch, expectedSha: null, sha });
      if (pushed) return { outcome: 'created' };
      return { outcome: actualSha === sha ? 'exists' : 'taken' };
    },

    async push(repo, branch, expectedSha, sha) {
      requireFactoryBranch(repo, branch);
      const mirror = await tools.mirrorOf(repo);
      await requireCommit(mirror, requireSha(sha, 'The commit'));
      requireSha(expectedSha, 'The expected commit');
      let actualSha = await headOf(mirror, repo, branch);
      let outcome: 'pushed' | 'already' | 'moved' = actualSha === sha ? 'already' : 'moved';
      if (actualSha === expectedSha && outcome !== 'already') {
        const moved = await move(mirror, repo, { branch, expectedSha, sha });
        actualSha = moved.actualSha;
        outcome = moved.pushed ? 'pushed' : actualSha === sha ? 'already' : 'moved';
      }
      if (outcome !== 'moved') await tools.afterMove?.(mirror, branch, sha);
      return { outcome, actualSha };
    },

    async branchHead(repo, branch) {
      requireFactoryBranch(repo, branch);
      return headOf(await tools.mirrorOf(repo), repo, branch);
    },
  };
}

export function pushFailed(side: FarSide, branch: string, said: string): FactoryError {
  const lines = said.split('\n').filter((line) => /error|fatal|rejected/.test(line));
  const words = (lines.length > 0 ? lines.join(' ') : said).slice(0, 500);
  return new FactoryError('push-failed', `${side.name} did not take the branch ${quoted(branch)}. Git said: ${words}`, {
    fix: 'Check that this user may write to the repository and that its disk has room, then try again.',
    retryable: true,
  });
}

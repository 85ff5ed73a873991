import type { Log } from '#src/ports/log.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import { bundleOut } from './bundle-out.ts';
import { diffFacts, diffText } from './diff.ts';
import { importBundle } from './import-bundle.ts';
import { inspectRepository } from './inspect-repository.ts';
import { createMergeCommit } from './merge-commit.ts';
import { fetchInto, openMirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';
import { listTree, readFileOf } from './tree.ts';

/**
 * Git through clean mirrors, one bare repository per repository id below `mirrorsDir`. A refused import throws
 * `ImportRefused`, a FactoryError that carries its findings.
 */
export function createWorkspace({ mirrorsDir, log }: { mirrorsDir: string; log: Log }): Workspace {
  const mirrorOf = (repo: RepositoryRef) => openMirror(mirrorsDir, repo.id, log);
  return {
    inspect: inspectRepository,
    refresh: async (repo) => fetchInto(await mirrorOf(repo), repo),
    listTree: async (repo, sha) => listTree(await mirrorOf(repo), requireSha(sha, 'The commit')),
    readFile: async (repo, sha, path, maxBytes) =>
      readFileOf(await mirrorOf(repo), requireSha(sha, 'The commit'), path, maxBytes),
    bundleOut: async (repo, shas, hostFile) => bundleOut(await mirrorOf(repo), shas, hostFile),
    importBundle: async (repo, bundle) => importBundle(await mirrorOf(repo), bundle),
    diff: async (repo, baseSha, headSha) => diffFacts(await mirrorOf(repo), baseSha, headSha),
    diffText: async (repo, baseSha, headSha, maxBytes) => diffText(await mirrorOf(repo), baseSha, headSha, maxBytes),
    mergeCommit: async (repo, merge) => createMergeCommit(await mirrorOf(repo), merge),
    async isAncestor(repo, ancestor, sha) {
      const mirror = await mirrorOf(repo);
      await requireCommit(mirror, requireSha(ancestor, 'The ancestor'));
      await requireCommit(mirror, requireSha(sha, 'The commit'));
      return (await mirror.run(['merge-base', '--is-ancestor', ancestor, sha])).exitCode === 0;
    },
  };
}

import type { Log } from '#src/ports/log.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import { bundleOut } from './bundle-out.ts';
import { diffFacts, diffText } from './diff.ts';
import { historyOf } from './history.ts';
import { importBundle } from './import-bundle.ts';
import { createMergeCommit } from './merge-commit.ts';
import { fetchInto, openMirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';
import { folders, type RepositoryServer } from './repository-server.ts';
import { createRevertCommit } from './revert-commit.ts';
import { tagCommit } from './tag-commit.ts';
import { listTree, readFileOf, readTextsOf } from './tree.ts';

export interface WorkspaceOptions {
  mirrorsDir: string;
  log: Log;
  /** Where repositories may live besides folders. */
  servers?: readonly RepositoryServer[];
}

/**
 * Git through clean mirrors, one bare repository per repository id below `mirrorsDir`. A refused import throws
 * `ImportRefused`, a FactoryError that carries its findings.
 */
export function createWorkspace({ mirrorsDir, log, servers = [] }: WorkspaceOptions): Workspace {
  const serverOf = (path: string) => servers.find((server) => server.names(path)) ?? folders;
  const mirrorOf = (repo: RepositoryRef) => openMirror(mirrorsDir, repo.id, log);
  return {
    inspect: (path, base) => serverOf(path).inspect(path, base),
    refresh: async (repo) => fetchInto(await mirrorOf(repo), serverOf(repo.path).sideOf(repo.path), repo.baseBranch),
    listTree: async (repo, sha) => listTree(await mirrorOf(repo), requireSha(sha, 'The commit')),
    readFile: async (repo, sha, path, maxBytes) =>
      readFileOf(await mirrorOf(repo), requireSha(sha, 'The commit'), path, maxBytes),
    readTexts: async (repo, sha, options) => readTextsOf(await mirrorOf(repo), requireSha(sha, 'The commit'), options),
    history: async (repo, sha, options) => historyOf(await mirrorOf(repo), requireSha(sha, 'The commit'), options),
    bundleOut: async (repo, shas, hostFile) => bundleOut(await mirrorOf(repo), shas, hostFile),
    importBundle: async (repo, bundle) => importBundle(await mirrorOf(repo), bundle),
    diff: async (repo, baseSha, headSha) => diffFacts(await mirrorOf(repo), baseSha, headSha),
    diffText: async (repo, baseSha, headSha, maxBytes) => diffText(await mirrorOf(repo), baseSha, headSha, maxBytes),
    mergeCommit: async (repo, merge) => createMergeCommit(await mirrorOf(repo), merge),
    tagCommit: async (repo, tag) => tagCommit(await mirrorOf(repo), serverOf(repo.path).sideOf(repo.path), tag),
    revertCommit: async (repo, revert) => createRevertCommit(await mirrorOf(repo), revert),
    async isAncestor(repo, ancestor, sha) {
      const mirror = await mirrorOf(repo);
      await requireCommit(mirror, requireSha(ancestor, 'The ancestor'));
      await requireCommit(mirror, requireSha(sha, 'The commit'));
      return (await mirror.run(['merge-base', '--is-ancestor', ancestor, sha])).exitCode === 0;
    },
  };
}

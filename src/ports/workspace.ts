/**
 * Git, seen from the factory. Host git never runs inside a tree that unreviewed code could write: the user's
 * repository is mirrored into a clean bare one, and work comes back as a bundle.
 * All SHAs are full 40-digit hex. Branch names have passed `src/code-factory/branch-name.ts`.
 */
export interface Workspace {
  /**
   * Looks at a repository without changing it. Throws FactoryError: `repo-not-found`, `repo-not-git`, `repo-empty`,
   * `repo-detached` (only when no base was named), `base-not-found`.
   */
  inspect(path: string, base?: string): Promise<RepositoryFacts>;
  /** Brings the clean mirror up to date and returns the base branch's head. */
  refresh(repo: RepositoryRef): Promise<{ baseSha: string }>;
  /** The commit that a tag of the repository names; null: there is no such tag. Throws FactoryError `tag-refused`. */
  tagCommit(repo: RepositoryRef, tag: string): Promise<string | null>;
  /** Every file of a commit: path, mode, size. */
  listTree(repo: RepositoryRef, sha: string): Promise<TreeEntry[]>;
  /** One file of a commit, or null. At most `maxBytes` (default 1 MiB), else FactoryError `file-too-large`. */
  readFile(repo: RepositoryRef, sha: string, path: string, maxBytes?: number): Promise<Uint8Array | null>;
  /**
   * The texts of a commit that a person might have written, by path, in path order. Left out: binaries, links, files
   * over `maxFileBytes`, lock files and what was generated. When all would exceed `maxTotalBytes`, the smallest are read.
   */
  readTexts(repo: RepositoryRef, sha: string, options: ReadTexts): Promise<Map<string, string>>;
  /** The commits that led to `sha`, newest first, with the paths that each changed; those that changed none are left out. */
  history(repo: RepositoryRef, sha: string, options: { maxCommits: number }): Promise<PastCommit[]>;
  /** Writes a bundle that holds `shas` with their history, for a sandbox to clone; returns the host file's path. */
  bundleOut(repo: RepositoryRef, shas: Readonly<Record<string, string>>, hostFile: string): Promise<void>;
  /**
   * Fetches one ref of a bundle into quarantine with an empty environment, no hooks, fsck on, then scans every
   * commit since `baseSha`. Throws FactoryError `import-refused` with all findings when the scan objects.
   */
  importBundle(
    repo: RepositoryRef,
    bundle: { hostFile: string; ref: string; baseSha: string; policy: ImportPolicy },
  ): Promise<ImportedWork>;
  /** Facts of a change, computed by code. `diffHash` = sha256 of `git diff --binary --full-index` from merge base to head. */
  diff(repo: RepositoryRef, baseSha: string, headSha: string): Promise<DiffFacts>;
  /** The same change as text for people; at most `maxBytes`, then `truncated`. */
  diffText(
    repo: RepositoryRef,
    baseSha: string,
    headSha: string,
    maxBytes: number,
  ): Promise<{ text: string; truncated: boolean }>;
  /**
   * The merge of head into base as a commit that is the same for the same arguments (author, date, message), so that
   * a repeat finds what it already made. Throws FactoryError `merge-conflict`.
   */
  mergeCommit(
    repo: RepositoryRef,
    merge: { baseSha: string; headSha: string; message: string; author: GitIdentity; at: Date },
  ): Promise<{ sha: string; tree: string }>;
  /**
   * One commit on `ontoSha` that undoes what a pull request landed (its merge, squash or rebased commits) and nothing
   * that came later; the same for the same arguments. Throws FactoryError `nothing-to-revert` (the base does not hold
   * it), `already-reverted`, `revert-conflict`.
   */
  revertCommit(
    repo: RepositoryRef,
    revert: {
      mergedSha: string;
      /** Base and head that the pull request showed. */
      baseSha: string;
      headSha: string;
      ontoSha: string;
      message: string;
      author: GitIdentity;
      at: Date;
    },
  ): Promise<{ sha: string; tree: string }>;
  /** True when `ancestor` is in the history of `sha`. */
  isAncestor(repo: RepositoryRef, ancestor: string, sha: string): Promise<boolean>;
}

export interface RepositoryRef {
  id: string;
  /** Absolute path of the person's repository (bare or a working clone), or `github:OWNER/NAME`. */
  path: string;
  baseBranch: string;
}

export interface RepositoryFacts {
  /** Which forge it lives on; see `Forge.kindOf`. */
  forge: string;
  /** As it is kept: a full path, or `github:OWNER/NAME`. */
  path: string;
  bare: boolean;
  baseBranch: string;
  baseSha: string;
  /** A working clone whose base branch is checked out and has uncommitted changes: a merge would have to wait. */
  dirtyOnBase: boolean;
  /** Things a person should know: submodules, hooks that the factory will not run, a shallow history. */
  notes: string[];
}

export interface TreeEntry {
  path: string;
  mode: '100644' | '100755' | '120000' | '160000' | '040000';
  bytes: number;
}

export interface ReadTexts {
  maxFileBytes: number;
  maxTotalBytes: number;
  /** Only these; null: all. */
  paths?: readonly string[] | null;
}

export interface PastCommit {
  sha: string;
  /** ISO 8601 UTC: when it was committed. */
  at: string;
  title: string;
  /** As they were called then. A merge names only what it changed against both sides. */
  paths: readonly string[];
}

export interface GitIdentity {
  name: string;
  email: string;
}

export interface ImportPolicy {
  protectedPaths: readonly string[];
  /** Files that the host itself put there: at exactly this path with exactly this content they are not protected. */
  hostFiles?: readonly HostFile[];
  maxFiles: number;
  maxBytes: number;
}

export interface HostFile {
  path: string;
  /** Git's id of the content; 40 zeros: it is taken away. */
  blob: string;
}

export interface ImportFinding {
  kind:
    | 'symlink'
    | 'submodule'
    | 'protected-path'
    | 'secret'
    | 'too-large'
    | 'too-many-files'
    | 'hostile-name'
    | 'not-based-on-branch';
  path: string | null;
  detail: string;
}

export interface ImportedWork {
  headSha: string;
  commits: { sha: string; title: string }[];
  findings: ImportFinding[];
}

export interface DiffFacts {
  baseSha: string;
  mergeBaseSha: string;
  headSha: string;
  diffHash: string;
  files: {
    path: string;
    status: 'added' | 'modified' | 'deleted' | 'renamed';
    added: number;
    removed: number;
    binary: boolean;
    /** As git writes them: `100755` may be run, `120000` is a link, `160000` a submodule, `000000` is no file. */
    modeBefore: string;
    modeAfter: string;
  }[];
}

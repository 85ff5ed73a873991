import { branchHead } from '../git/refs.ts';
import { git } from '../git/run-git.ts';
import { writeCommit } from '../git/write-commit.ts';
import type { Files } from '../git/write-commit.ts';
import { fullName, inTurn, issueOf, pullOf } from '../hub/hub.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import { makeToken } from '../hub/tokens.ts';
import type {
  Account,
  Comment,
  Issue,
  Level,
  MergeMethod,
  Permissions,
  Protection,
  Repository,
  Review,
  Token,
} from '../hub/types.ts';
import { WORK_PERMISSIONS } from '../hub/setup.ts';
import {
  addComment,
  addLabels,
  editComment,
  editIssue,
  openIssue,
  removeLabel,
  setIssueState,
} from '../rules/issues.ts';
import type { IssueDraft } from '../rules/issues.ts';
import { mergePull } from '../rules/merge-pull.ts';
import type { MergeWish } from '../rules/merge-pull.ts';
import { OPEN_PROTECTION } from '../rules/protections.ts';
import { closePull, openPull, reopenPull, setDraft } from '../rules/pulls.ts';
import type { PullDraft } from '../rules/pulls.ts';
import { afterRefChanges } from '../rules/ref-changes.ts';
import { createReview, dismissReview, findReview } from '../rules/reviews.ts';
import type { ReviewDraft } from '../rules/reviews.ts';

/** A push of a commit with these files on a branch. */
export interface PushWish {
  branch: string;
  files: Files;
  message?: string;
  /** Where the commit goes. Default: on the branch; for a new branch, on the default branch. */
  onto?: string;
}

/**
 * Somebody of flesh and blood on GitHub's pages. By the same rules as a call; what they may not do throws. Rights are
 * not looked at: a person without them would not see the button.
 */
export interface GitHubPerson {
  login: string;
  account: Account;
  openIssue(draft: IssueDraft): Issue;
  editIssue(number: number, changes: { title?: string; body?: string }): void;
  label(number: number, ...names: string[]): void;
  unlabel(number: number, name: string): void;
  comment(number: number, body: string): Comment;
  editComment(id: number, body: string): Comment;
  /** Issue or pull request. */
  close(number: number): void;
  reopen(number: number): Promise<void>;
  openPull(draft: PullDraft): Promise<PullRequest>;
  markReady(number: number): void;
  review(
    number: number,
    event: NonNullable<ReviewDraft['event']>,
    body?: string,
    more?: Pick<ReviewDraft, 'sha' | 'comments'>,
  ): Promise<Review>;
  dismissReview(number: number, reviewId: number): void;
  merge(number: number, wish?: MergeWish): Promise<string>;
  /** Answers the commit. With `onto` it is a force-push. The branch rules are not asked: see git for that. */
  push(wish: PushWish): Promise<string>;
  deleteBranch(branch: string): Promise<void>;
  /** Takes away what held for the branch before. */
  protect(branch: string, rules?: Partial<Omit<Protection, 'id' | 'branch'>>): void;
  unprotect(branch: string): void;
  /** Sets what the merge button of the repository may do. */
  allowMerging(...methods: MergeMethod[]): void;
  renameRepository(name: string): void;
  archive(): void;
  unarchive(): void;
  setLevel(login: string, level: Level): void;
  /** Locks the conversation to those who may write. */
  lock(number: number): void;
  /** Enters the code that a device shows. */
  enterCode(userCode: string): void;
  denyCode(userCode: string): void;
  /** A fine-grained token of theirs. `repositories`: full names; default: all that they reach. */
  token(options?: { permissions?: Permissions; repositories?: readonly string[]; expiresInMs?: number }): Token;
  /** The same person in another repository. */
  in(repository: string): GitHubPerson;
}

const NOTHING = '0'.repeat(40);

export function createPerson(hub: Hub, account: Account, repository: Repository): GitHubPerson {
  const { folder } = repository;
  const issue = (number: number) => issueOf(repository, number);
  const pull = (number: number) => pullOf(repository, number);
  const grantOf = (userCode: string) => {
    const grant = hub.grants.find((one) => one.userCode === userCode);
    if (grant === undefined) throw new Error(`No device shows the code ${userCode}.`);
    return grant;
  };
  const setArchived = (isArchived: boolean): void => {
    repository.isArchived = isArchived;
    hub.publisher.repository(repository, account, isArchived ? 'archived' : 'unarchived');
  };
  const person: GitHubPerson = {
    login: account.login,
    account,
    openIssue: (draft) => openIssue(hub, repository, account, draft),
    editIssue: (number, changes) => editIssue(hub, repository, account, issue(number), changes),
    label: (number, ...names) => addLabels(hub, repository, account, issue(number), names),
    unlabel: (number, name) => removeLabel(hub, repository, account, issue(number), name),
    comment: (number, body) => addComment(hub, repository, account, issue(number), body),
    editComment: (id, body) => editComment(hub, repository, account, id, body),
    close(number) {
      if (issue(number).pull === null) setIssueState(hub, repository, account, issue(number), 'closed');
      else closePull(hub, repository, account, pull(number));
    },
    async reopen(number) {
      if (issue(number).pull === null) setIssueState(hub, repository, account, issue(number), 'open');
      else await reopenPull(hub, repository, account, pull(number));
    },
    openPull: (draft) => openPull(hub, repository, account, draft),
    markReady: (number) => setDraft(hub, repository, account, pull(number), false),
    review: (number, event, body = '', more = {}) =>
      createReview(hub, repository, account, pull(number), { event, body, ...more }),
    dismissReview: (number, id) => dismissReview(hub, repository, account, pull(number), findReview(pull(number), id)),
    merge: (number, wish = {}) => mergePull(hub, repository, account, pull(number), wish),
    push: ({ branch, files, message = 'A commit', onto }) =>
      inTurn(repository, async () => {
        const before = await branchHead(folder, branch);
        const parent = onto ?? before ?? (await branchHead(folder, repository.defaultBranch));
        const atMs = hub.clock.nowMs();
        const after = await writeCommit(folder, { branch, parent, files, message, author: account, atMs });
        const ref = `refs/heads/${branch}`;
        await afterRefChanges(hub, repository, account, [{ ref, before: before ?? NOTHING, after }]);
        return after;
      }),
    deleteBranch: (branch) =>
      inTurn(repository, async () => {
        const before = await branchHead(folder, branch);
        if (before === null) throw new Error(`There is no branch ${branch}.`);
        const ref = `refs/heads/${branch}`;
        await git(folder, ['update-ref', '-d', ref]);
        await afterRefChanges(hub, repository, account, [{ ref, before, after: NOTHING }]);
      }),
    protect(branch, rules = {}) {
      person.unprotect(branch);
      repository.protections.push({ ...OPEN_PROTECTION, ...rules, id: hub.nextId(), branch });
    },
    unprotect(branch) {
      repository.protections = repository.protections.filter((one) => one.branch !== branch);
    },
    allowMerging: (...methods) => void (repository.mergeMethods = new Set(methods)),
    renameRepository(name) {
      const from = repository.name;
      repository.formerNames.push(fullName(repository));
      repository.name = name;
      hub.publisher.repository(repository, account, 'renamed', { changes: { repository: { name: { from } } } });
    },
    archive: () => setArchived(true),
    unarchive: () => setArchived(false),
    setLevel(login, level) {
      if (level === 'none') repository.levels.delete(login);
      else repository.levels.set(login, level);
    },
    lock: (number) => void (issue(number).isLocked = true),
    enterCode: (userCode) => void (grantOf(userCode).account = account),
    denyCode: (userCode) => void (grantOf(userCode).isDenied = true),
    token({ permissions = WORK_PERMISSIONS, repositories, expiresInMs } = {}) {
      const ids = repositories?.map((name) => repositoryNamed(hub, name).id);
      return makeToken(hub, {
        kind: 'personal',
        account,
        app: null,
        permissions,
        repositoryIds: ids === undefined ? null : new Set(ids),
        expiresAtMs: expiresInMs === undefined ? null : hub.clock.nowMs() + expiresInMs,
      });
    },
    in: (name) => createPerson(hub, account, repositoryNamed(hub, name)),
  };
  return person;
}

export function repositoryNamed(hub: Hub, name: string): Repository {
  const found = hub.repositories.find((one) => fullName(one) === name);
  if (found === undefined)
    throw new Error(`The stand-in GitHub has no repository ${name}. Name it in startGitHub({ repositories }).`);
  return found;
}

import { isNoCommit } from '../git/pushed-refs.ts';
import type { PushedRef } from '../git/pushed-refs.ts';
import type { Account, Protection, Repository } from '../hub/types.ts';
import { needsPullRequest, protectionsOf } from './protections.ts';
import { checkState } from './check-state.ts';

/** What a pushed ref may not do; `nothing`: it may not move at all. */
export interface Verdict {
  ref: string;
  rule: 'nothing' | 'no-force' | 'no-workflows';
  /** As git shows it, line by line. */
  text: string;
}

/** What the branch rules have against moving these refs. */
export function branchVerdicts(repository: Repository, actor: Account, refs: readonly PushedRef[]): Verdict[] {
  return refs.flatMap((pushed) =>
    pushed.ref.startsWith('refs/heads/')
      ? protectionsOf(repository, pushed.ref.slice('refs/heads/'.length))
          .filter(({ bypass }) => !bypass.includes(actor.login))
          .flatMap((protection) => verdictsOf(repository, protection, actor, pushed))
      : [],
  );
}

function verdictsOf(
  repository: Repository,
  protection: Protection,
  actor: Account,
  { ref, old, new: young }: PushedRef,
): Verdict[] {
  const verdict = (rule: Verdict['rule'], why: string): Verdict => ({
    ref,
    rule,
    text: refusedPush(protection, ref, why),
  });
  if (isNoCommit(young)) return protection.allowsDeletions ? [] : [verdict('nothing', 'Cannot delete this branch')];
  const { pushers } = protection;
  if (pushers !== null && !pushers.includes(actor.login))
    return [verdict('nothing', "You're not authorized to push to this branch.")];
  // Rules for what goes into a branch do not keep it from being made.
  if (!isNoCommit(old)) {
    if (needsPullRequest(protection)) return [verdict('nothing', 'Changes must be made through a pull request.')];
    const missing = protection.requiredChecks.find((name) => checkState(repository, young, name) !== 'passing');
    if (missing !== undefined) return [verdict('nothing', `Required status check "${missing}" is expected.`)];
  }
  return protection.allowsForcePushes ? [] : [verdict('no-force', 'Cannot force-push to this branch')];
}

function refusedPush({ kind }: Protection, ref: string, why: string): string {
  return kind === 'ruleset'
    ? `error: GH013: Repository rule violations found for ${ref}.\\n\\n- ${why}`
    : `error: GH006: Protected branch update failed for ${ref}.\\nerror: ${why}`;
}

/** For a token that may not change what runs in CI. */
export function workflowVerdicts(who: 'app' | 'person', refs: readonly PushedRef[]): Verdict[] {
  const name = who === 'app' ? 'a GitHub App' : 'a Personal Access Token';
  return refs.map(({ ref }) => ({
    ref,
    rule: 'no-workflows',
    text: `refusing to allow ${name} to create or update workflow without \`workflows\` permission`,
  }));
}

/** As the hook reads them: no ref holds a tab. */
export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ ref, rule, text }) => `${ref}\t${rule}\t${text}`).join('\n');
}

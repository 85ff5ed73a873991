import { mergeCommits } from '../../git/merge-commits.ts';
import { readCommit } from '../../git/read-commits.ts';
import { branchHead, isAncestor } from '../../git/refs.ts';
import { git, tryGit } from '../../git/run-git.ts';
import { writeCommit } from '../../git/write-commit.ts';
import { inTurn, pullOf, repositoryUrl } from '../../hub/hub.ts';
import { textOf } from '../../hub/json.ts';
import { Refusal } from '../../hub/refusal.ts';
import { commitJson } from '../../json/commits.ts';
import { needUnarchived } from '../../rules/issues.ts';
import { branchVerdicts } from '../../rules/push-rules.ts';
import { afterRefChanges } from '../../rules/ref-changes.ts';
import { write } from '../route.ts';
import type { Routes } from '../route.ts';

/** What makes commits without git on the caller's side. */
export const COMMITS_MADE: Routes = {
  'repos/create-or-update-file-contents': write('contents', 'write', (call) => {
    const { hub, repository, account, parameters, body } = call;
    const { folder } = repository;
    const path = (parameters.path ?? '').replace(/^\/+/, '');
    const branch = typeof body.branch === 'string' ? body.branch : repository.defaultBranch;
    return inTurn(repository, async () => {
      needUnarchived(repository);
      const before = await branchHead(folder, branch);
      if (before === null) throw new Refusal(404, `Branch ${branch} not found`);
      const old = await blobAt(folder, before, path);
      if (old !== null && body.sha === undefined) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
      if (body.sha !== undefined && body.sha !== old)
        throw new Refusal(409, `${path} does not match ${textOf(body.sha)}`);
      const ref = `refs/heads/${branch}`;
      const [refused] = branchVerdicts(repository, account, [{ ref, old: before, new: before }]).filter(
        ({ rule }) => rule === 'nothing',
      );
      if (refused !== undefined) throw new Refusal(409, refused.text.replaceAll('\\n', '\n'));
      const files = { [path]: Buffer.from(textOf(body.content), 'base64') };
      const message = textOf(body.message);
      const atMs = hub.clock.nowMs();
      const sha = await writeCommit(folder, { branch, parent: before, files, message, author: account, atMs });
      await afterRefChanges(hub, repository, account, [{ ref, before, after: sha }]);
      const { commit, ...rest } = commitJson(hub, repository, await readCommit(folder, sha));
      const content = { path, name: path.split('/').at(-1), sha: await blobAt(folder, sha, path), type: 'file' };
      return { status: old === null ? 201 : 200, body: { content, commit: { ...(commit as object), ...rest } } };
    });
  }),
  /** Merges the base into the head, as its button does. */
  'pulls/update-branch': write('pull_requests', 'write', (call) => {
    const { hub, repository, account, parameters, body } = call;
    const issue = pullOf(repository, Number(parameters.pull_number));
    return inTurn(repository, async () => {
      needUnarchived(repository);
      const { headSha, headRef, baseRef } = issue.pull;
      if (body.expected_head_sha !== undefined && body.expected_head_sha !== headSha)
        throw new Refusal(422, 'expected head sha didn’t match current head ref.');
      const base = await branchHead(repository.folder, baseRef);
      if (base === null || (await isAncestor(repository.folder, base, headSha)))
        throw new Refusal(422, 'There are no new commits on the base branch.');
      const merged = await mergeCommits(repository.folder, {
        method: 'merge',
        base: headSha,
        head: base,
        message: `Merge branch '${baseRef}' into ${headRef}\n`,
        author: account,
        merger: account,
      });
      if (merged === null) throw new Refusal(422, 'merge conflict between base and head');
      const ref = `refs/heads/${headRef}`;
      await git(repository.folder, ['update-ref', ref, merged, headSha]);
      await afterRefChanges(hub, repository, account, [{ ref, before: headSha, after: merged }]);
      const url = `${repositoryUrl(hub, repository)}/pulls/${issue.number}`;
      return { status: 202, body: { message: 'Updating pull request branch.', url } };
    });
  }),
};

async function blobAt(folder: string, sha: string, path: string): Promise<string | null> {
  const { code, stdout } = await tryGit(folder, ['rev-parse', '--verify', '--quiet', `${sha}:${path}`]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

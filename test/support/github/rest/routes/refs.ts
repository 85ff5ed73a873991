import { isAncestor, isRefName, listRefs, resolveCommit } from '../../git/refs.ts';
import { git } from '../../git/run-git.ts';
import { inTurn } from '../../hub/hub.ts';
import { textOf } from '../../hub/json.ts';
import { invalid, notFound, Refusal } from '../../hub/refusal.ts';
import { refJson } from '../../json/commits.ts';
import { needUnarchived } from '../../rules/issues.ts';
import { branchVerdicts } from '../../rules/push-rules.ts';
import { afterRefChanges } from '../../rules/ref-changes.ts';
import type { RefChange } from '../../rules/ref-changes.ts';
import { created, noContent, ok, page, read, write } from '../route.ts';
import type { Routes, SignedCall } from '../route.ts';

const NOTHING = '0'.repeat(40);

export const REFS: Routes = {
  'git/get-ref': read('contents', async ({ hub, repository, parameters }) => {
    const ref = `refs/${parameters.ref}`;
    const sha = (await listRefs(repository.folder)).get(ref);
    if (sha === undefined) throw notFound();
    return ok(refJson(hub, repository, ref, sha));
  }),
  'git/list-matching-refs': read('contents', async (call) => {
    const prefix = `refs/${call.parameters.ref}`;
    const refs = [...(await listRefs(call.repository.folder))].filter(([ref]) => ref.startsWith(prefix));
    return page(call, refs, ([ref, sha]) => refJson(call.hub, call.repository, ref, sha));
  }),
  'git/create-ref': write('contents', 'write', (call) => {
    const { hub, repository, body } = call;
    const ref = textOf(body.ref);
    const sha = textOf(body.sha);
    return inTurn(repository, async () => {
      if (!/^refs\/(?:heads|tags)\/./.test(ref) || !(await isRefName(repository.folder, ref)))
        throw new Refusal(422, `Reference name is invalid: ${ref}`);
      if ((await resolveCommit(repository.folder, sha)) === null) throw new Refusal(422, 'Object does not exist');
      if ((await listRefs(repository.folder)).has(ref)) throw new Refusal(422, 'Reference already exists');
      await move(call, { ref, before: NOTHING, after: sha }, true);
      return created(refJson(hub, repository, ref, sha));
    });
  }),
  'git/update-ref': write('contents', 'write', (call) => {
    const { hub, repository, body, parameters } = call;
    const ref = `refs/${parameters.ref}`;
    const sha = textOf(body.sha);
    return inTurn(repository, async () => {
      const before = (await listRefs(repository.folder)).get(ref);
      if (before === undefined) throw new Refusal(422, 'Reference does not exist');
      if ((await resolveCommit(repository.folder, sha)) === null) throw new Refusal(422, 'Object does not exist');
      await move(call, { ref, before, after: sha }, body.force === true);
      return ok(refJson(hub, repository, ref, sha));
    });
  }),
  'git/delete-ref': write('contents', 'write', (call) => {
    const ref = `refs/${call.parameters.ref}`;
    return inTurn(call.repository, async () => {
      const before = (await listRefs(call.repository.folder)).get(ref);
      if (before === undefined) throw new Refusal(422, 'Reference does not exist');
      await move(call, { ref, before, after: NOTHING }, true);
      return noContent();
    });
  }),
};

/** The same rules as for a push. */
async function move({ hub, repository, account }: SignedCall, change: RefChange, isForced: boolean): Promise<void> {
  needUnarchived(repository);
  const { ref, before, after } = change;
  const isForward = before === NOTHING || after === NOTHING || (await isAncestor(repository.folder, before, after));
  for (const { rule, text } of branchVerdicts(repository, account, [{ ref, old: before, new: after }]))
    if (rule === 'nothing' || (rule === 'no-force' && !isForward))
      throw new Refusal(422, text.replaceAll('\\n', '\n').replace(/^error: /, ''));
  if (!isForward && !isForced) throw new Refusal(422, 'Update is not a fast forward');
  if (ref === `refs/heads/${repository.defaultBranch}` && after === NOTHING)
    throw invalid('Reference', { field: 'ref', code: 'custom', message: 'Cannot delete the default branch' });
  await git(repository.folder, ['update-ref', ...(after === NOTHING ? ['-d', ref, before] : [ref, after, before])]);
  await afterRefChanges(hub, repository, account, [change]);
}

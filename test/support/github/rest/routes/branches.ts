import { branchHead, listRefs } from '../../git/refs.ts';
import { readCommit } from '../../git/read-commits.ts';
import { htmlUrl, repositoryUrl } from '../../hub/hub.ts';
import { notFound, Refusal } from '../../hub/refusal.ts';
import { commitJson } from '../../json/commits.ts';
import { protectionJson, rulesetJson, rulesJson } from '../../json/protections.ts';
import { protectionsOf } from '../../rules/protections.ts';
import { ok, page, read } from '../route.ts';
import type { Routes } from '../route.ts';

const PREFIX = 'refs/heads/';

export const BRANCHES: Routes = {
  'repos/list-branches': read('contents', async (call) => {
    const { hub, repository, query } = call;
    const isProtected = (name: string) => protectionsOf(repository, name).length > 0;
    const branches = [...(await listRefs(repository.folder, PREFIX))]
      .map(([ref, sha]) => ({ name: ref.slice(PREFIX.length), sha }))
      .filter(({ name }) => query.protected === undefined || String(isProtected(name)) === query.protected);
    return page(call, branches, ({ name, sha }) => ({
      name,
      commit: { sha, url: `${repositoryUrl(hub, repository)}/commits/${sha}` },
      protected: isProtected(name),
    }));
  }),
  'repos/get-branch': read('contents', async ({ hub, repository, parameters }) => {
    const name = parameters.branch ?? '';
    const sha = await branchHead(repository.folder, name);
    if (sha === null) throw new Refusal(404, 'Branch not found');
    const at = `${repositoryUrl(hub, repository)}/branches/${encodeURIComponent(name)}`;
    const [protection] = protectionsOf(repository, name);
    return ok({
      name,
      commit: commitJson(hub, repository, await readCommit(repository.folder, sha)),
      _links: { self: at, html: `${htmlUrl(hub, repository)}/tree/${name}` },
      protected: protection !== undefined,
      protection: {
        enabled: protection?.kind === 'protection',
        required_status_checks: {
          enforcement_level: protection === undefined ? 'off' : 'everyone',
          contexts: [...(protection?.requiredChecks ?? [])],
          checks: (protection?.requiredChecks ?? []).map((context) => ({ context, app_id: null })),
        },
      },
      protection_url: `${at}/protection`,
    });
  }),
  /** Rulesets do not show here: who looks only here misses them. */
  'repos/get-branch-protection': read('administration', ({ hub, repository, parameters }) => {
    const protection = protectionsOf(repository, parameters.branch ?? '').find(({ kind }) => kind === 'protection');
    if (protection === undefined) throw new Refusal(404, 'Branch not protected');
    return ok(protectionJson(hub, repository, protection));
  }),
  'repos/get-branch-rules': read('metadata', (call) => {
    const rulesets = protectionsOf(call.repository, call.parameters.branch ?? '').filter(
      ({ kind }) => kind === 'ruleset',
    );
    return page(
      call,
      rulesets.flatMap((one) => rulesJson(call.repository, one)),
      (rule) => rule,
    );
  }),
  'repos/get-repo-rulesets': read('metadata', (call) =>
    page(
      call,
      call.repository.protections.filter(({ kind }) => kind === 'ruleset'),
      (one) => {
        const { rules: _rules, conditions: _conditions, ...summary } = rulesetJson(call.hub, call.repository, one);
        return summary;
      },
    ),
  ),
  'repos/get-repo-ruleset': read('metadata', ({ hub, repository, parameters }) => {
    const ruleset = repository.protections.find(
      ({ id, kind }) => kind === 'ruleset' && String(id) === parameters.ruleset_id,
    );
    if (ruleset === undefined) throw notFound();
    return ok(rulesetJson(hub, repository, ruleset));
  }),
};

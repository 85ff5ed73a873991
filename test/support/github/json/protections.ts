import { htmlUrl, fullName, repositoryUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Protection, Repository } from '../hub/types.ts';
import { needsPullRequest } from '../rules/protections.ts';

/** As `GET …/branches/{branch}/protection` has it: only what is set. */
export function protectionJson(hub: Hub, repository: Repository, protection: Protection): Json {
  const branch = encodeURIComponent(protection.branch);
  const url = `${repositoryUrl(hub, repository)}/branches/${branch}/protection`;
  return {
    url,
    ...(protection.requiredChecks.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: protection.isStrict,
            contexts: [...protection.requiredChecks],
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: protection.requiredChecks.map((context) => ({ context, app_id: null })),
          },
        }),
    ...(needsPullRequest(protection)
      ? {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: protection.dismissesStaleReviews,
            require_code_owner_reviews: false,
            required_approving_review_count: protection.requiredApprovals,
            require_last_push_approval: protection.requiresLastPushApproval,
          },
        }
      : {}),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.bypass.length === 0 },
    required_linear_history: { enabled: protection.requiresLinearHistory },
    allow_force_pushes: { enabled: protection.allowsForcePushes },
    allow_deletions: { enabled: protection.allowsDeletions },
  };
}

/** As `GET …/rules/branches/{branch}` has them: each rule by itself. */
export function rulesJson(repository: Repository, protection: Protection): Json[] {
  const from = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repository),
    ruleset_id: protection.id,
  };
  const rules: (Json | null)[] = [
    protection.allowsDeletions ? null : { type: 'deletion' },
    protection.allowsForcePushes ? null : { type: 'non_fast_forward' },
    protection.requiresLinearHistory ? { type: 'required_linear_history' } : null,
    needsPullRequest(protection)
      ? {
          type: 'pull_request',
          parameters: {
            ...(protection.mergeMethods === null ? {} : { allowed_merge_methods: [...protection.mergeMethods] }),
            dismiss_stale_reviews_on_push: protection.dismissesStaleReviews,
            require_code_owner_review: false,
            require_last_push_approval: protection.requiresLastPushApproval,
            required_approving_review_count: protection.requiredApprovals,
            required_review_thread_resolution: false,
          },
        }
      : null,
    protection.requiredChecks.length > 0
      ? {
          type: 'required_status_checks',
          parameters: {
            required_status_checks: protection.requiredChecks.map((context) => ({ context })),
            strict_required_status_checks_policy: protection.isStrict,
          },
        }
      : null,
  ];
  return rules.filter((rule) => rule !== null).map((rule) => ({ ...rule, ...from }));
}

export function rulesetJson(hub: Hub, repository: Repository, protection: Protection): Json {
  return {
    id: protection.id,
    name: `Rules for ${protection.branch}`,
    target: 'branch',
    source_type: 'Repository',
    source: fullName(repository),
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${protection.branch}`], exclude: [] } },
    rules: rulesJson(repository, protection).map(({ type, parameters }) => ({
      type,
      ...(parameters === undefined ? {} : { parameters }),
    })),
    _links: {
      self: { href: `${repositoryUrl(hub, repository)}/rulesets/${protection.id}` },
      html: { href: `${htmlUrl(hub, repository)}/rules/${protection.id}` },
    },
  };
}

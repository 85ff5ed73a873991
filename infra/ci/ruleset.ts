import { JOB_NAME } from './workflow.ts';

export interface RulesetWish {
  baseBranch: string;
  /** The checks of the proposed workflow run on pull requests. */
  hasWorkflow: boolean;
  hasOwners: boolean;
}

/** What to set by hand: as GitHub's REST API takes it, for `--json`. https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset */
export function rulesetDocument({ baseBranch, hasWorkflow, hasOwners }: RulesetWish) {
  return {
    name: 'Factory Workbench',
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: { include: [`refs/heads/${baseBranch}`], exclude: [] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: hasOwners,
          require_last_push_approval: true,
          required_review_thread_resolution: false,
        },
      },
      ...(hasWorkflow
        ? [
            {
              type: 'required_status_checks',
              parameters: {
                strict_required_status_checks_policy: false,
                required_status_checks: [{ context: JOB_NAME }],
              },
            },
          ]
        : []),
    ],
  };
}

/** The same for people. Nothing here sets it: a rule that a program may set, a program may take away. */
export function rulesetLines({ baseBranch, hasWorkflow, hasOwners }: RulesetWish): string[] {
  return [
    `Set this by hand on GitHub, under Settings, Rules, Rulesets, for the branch ${baseBranch}, with an empty bypass list:`,
    '  Restrict deletions; block force pushes.',
    `  Require a pull request with 1 approval; dismiss stale approvals; require approval of the most recent push${hasOwners ? '; require review from Code Owners' : ''}.`,
    ...(hasWorkflow ? [`  Require status checks to pass: ${JOB_NAME}.`] : []),
    '  Rules that the branch has already stay: keep whatever is stricter.',
    'GitHub then counts reviews on its own page: Approve in chat waits until somebody else than the owner of the token has reviewed there.',
  ];
}

import * as z from 'zod';
import { isFactoryBranch } from '#src/code-factory/branch-name.ts';

/** That something about these branches, their pull requests or their checks is other than before, and nothing else. One of both is there. */
export const ToldWork = z.strictObject({
  /** Unique: the app or hook and GitHub's id of the delivery. */
  key: z.string(),
  /** `OWNER/NAME`. */
  repository: z.string(),
  /** Only such as the factory makes. */
  branches: z.array(z.string()),
  /** Checks ended on the default branch. */
  isBase: z.literal(true).optional(),
});
export type ToldWork = z.infer<typeof ToldWork>;

const About = z.looseObject({
  repository: z.looseObject({ full_name: z.string(), default_branch: z.string().optional().catch(undefined) }),
});
const Suite = z.looseObject({ head_branch: z.string().nullable() });
const OfPullRequest = z.looseObject({
  action: z.string(),
  pull_request: z.looseObject({
    head: z.looseObject({ ref: z.string(), repo: z.looseObject({ full_name: z.string() }).nullable() }),
  }),
});

type Branches = (payload: unknown, repository: string) => readonly (string | null)[];

/**
 * Events that may change what a task waits for, and the branches that they are about:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads. What has only begun changes nothing.
 */
const BRANCHES_OF: Readonly<Record<string, Branches>> = {
  check_run: reader(
    z.looseObject({ action: z.literal('completed'), check_run: z.looseObject({ check_suite: Suite }) }),
    ({ check_run: { check_suite: suite } }) => [suite.head_branch],
  ),
  check_suite: reader(
    z.looseObject({ action: z.literal('completed'), check_suite: Suite }),
    ({ check_suite: suite }) => [suite.head_branch],
  ),
  status: reader(
    z.looseObject({ state: z.string(), branches: z.array(z.looseObject({ name: z.string() })) }),
    ({ state, branches }) => (state === 'pending' ? [] : branches.map(({ name }) => name)),
  ),
  pull_request: reader(OfPullRequest, ({ action, ...rest }, repository) =>
    ['closed', 'reopened', 'synchronize'].includes(action) ? ownHead(rest, repository) : [],
  ),
  pull_request_review: reader(OfPullRequest, ownHead),
  push: reader(z.looseObject({ ref: z.string() }), ({ ref }) => [ref.replace(/^refs\/heads\//, '')]),
};

/** Events about checks; a push or a review says nothing of them yet. */
const CHECKS: ReadonlySet<string> = new Set(['check_run', 'check_suite', 'status']);

/** null: an event that says nothing about a branch of the factory, nor about checks of the default branch. */
export function workToldBy(event: string, key: string, body: unknown): ToldWork | null {
  const about = About.safeParse(body).data?.repository;
  if (about === undefined || !Object.hasOwn(BRANCHES_OF, event)) return null;
  const { full_name: repository, default_branch: base } = about;
  const named = BRANCHES_OF[event]?.(body, repository) ?? [];
  const branches = [...new Set(named.filter((name) => name !== null))].filter(isFactoryBranch);
  const isBase = base !== undefined && CHECKS.has(event) && named.includes(base);
  if (branches.length === 0 && !isBase) return null;
  return { key, repository, branches, ...(isBase ? { isBase } : {}) };
}

function reader<T>(
  schema: z.ZodType<T>,
  branchesOf: (payload: T, repository: string) => readonly (string | null)[],
): Branches {
  return (body, repository) => {
    const payload = schema.safeParse(body);
    return payload.success ? branchesOf(payload.data, repository) : [];
  };
}

/** A fork's branch may be called like ours and is not. */
function ownHead(
  { pull_request: { head } }: Pick<z.infer<typeof OfPullRequest>, 'pull_request'>,
  repository: string,
): string[] {
  return head.repo?.full_name === repository ? [head.ref] : [];
}

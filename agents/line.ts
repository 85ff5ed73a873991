import type { Steps } from '#src/code-factory/step.ts';
import { createPlan } from './mason/plan.ts';
import { mason } from './mason/persona.ts';
import { createBuild } from './ollan/build.ts';
import { ollan } from './ollan/persona.ts';
import type { Persona } from './personas.ts';
import { piper } from './piper/persona.ts';
import { createScope } from './piper/scope.ts';
import { assign } from './tess/assign.ts';
import { createBranch } from './tess/branch.ts';
import { createClaim } from './tess/claim.ts';
import { createMerge } from './tess/merge.ts';
import { createOpenPullRequest } from './tess/open-pull-request.ts';
import { tess } from './tess/persona.ts';
import type { StepTools } from './tools/step-tools.ts';
import { createCheck } from './vera/check.ts';
import { createLock } from './vera/lock.ts';
import { vera } from './vera/persona.ts';

/** The team. One line a persona. */
export const roster: readonly Persona[] = [tess, piper, mason, ollan, vera];

/** Who does which step of the line. */
export function createLine(tools: StepTools): Steps {
  return {
    claim: createClaim(tools),
    branch: createBranch(tools),
    assign,
    scope: createScope(tools),
    plan: createPlan(tools),
    lock: createLock(tools),
    build: createBuild(tools),
    check: createCheck(tools),
    open: createOpenPullRequest(tools),
    merge: createMerge(tools),
  };
}

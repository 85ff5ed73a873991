import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { FactoryError } from '#src/errors.ts';
import type { Forge, ForgeChecks, ForgeReview, MergeMethod, MergeOutcome, OwnReview } from '#src/ports/forge.ts';
import { noGroups } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { Sandbox, SandboxResult } from '#src/ports/sandbox.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { DiffFacts, Workspace } from '#src/ports/workspace.ts';
import type { StepTools } from '#agents/tools/step-tools.ts';
import { BASE, DIFF, HEAD } from '#test/code-factory/life.ts';

/** What the world looks like to the steps; a test changes it between them. */
export interface World {
  baseSha: string;
  /** Whether the branch has the base in its history. */
  headHasBase: boolean;
  headSha: string;
  diffHash: string;
  conflict: boolean;
  pullRequest: { state: 'open' | 'merged' | 'closed'; mergedSha: string | null; headSha: string | null };
  /** What the forge answers to a merge; null: it merges. */
  mergeAnswer: MergeOutcome | null;
  /** What becomes of a review in the approver's name. */
  ownReview: OwnReview;
  reviews: ForgeReview[];
  mergeMethod: MergeMethod;
  pushAnswer: 'pushed' | 'already' | 'moved';
  /** What checks of the forge's own say; null: it runs none. */
  forgeChecks: ForgeChecks | null;
  /** What happens as they are asked for, and what they say that time. */
  beforeChecks: (() => ForgeChecks) | null;
  approvers: string[];
  /** Who is in which group. */
  groups: Groups;
  /** `factory.yaml` on the base. */
  factoryYaml: string | null;
  /** package.json by commit; null: none. */
  packageJson: (sha: string) => string | null;
  /** Exit code of a check at a commit. */
  checkExit: number;
  /** What a check prints, from 1 for the first that is run. */
  checkPrints: (run: number) => string;
  sandbox: { ok: true } | { ok: false; reason: string; fix: string };
  nowMs: number;
  /** Called just before the forge is asked to merge. */
  beforeMerge: (() => Promise<void>) | null;
  effects: string[];
}

export const MERGED = 'e'.repeat(40);
const PREVIEW = 'c'.repeat(40);

export function createWorld(): World {
  return {
    baseSha: BASE,
    headHasBase: true,
    headSha: HEAD,
    diffHash: DIFF,
    conflict: false,
    pullRequest: { state: 'open', mergedSha: null, headSha: null },
    mergeAnswer: null,
    ownReview: { outcome: 'none' },
    reviews: [],
    mergeMethod: 'merge',
    pushAnswer: 'pushed',
    forgeChecks: null,
    beforeChecks: null,
    approvers: ['grace', 'linus'],
    groups: noGroups,
    factoryYaml: null,
    packageJson: () => null,
    checkExit: 0,
    checkPrints: () => '',
    sandbox: { ok: true },
    nowMs: Date.parse('2026-11-20T10:00:00.000Z'),
    beforeMerge: null,
    effects: [],
  };
}

const unasked = (what: string) => (): never => {
  throw new Error(`nobody should ask for ${what} here`);
};

function fakeForge(world: World): Forge {
  return {
    kindOf: () => 'local',
    readReviews: async () => world.reviews,
    recordApproval: async (_repo, _pullRequest, { approver }) => {
      world.effects.push(...(world.ownReview.outcome === 'none' ? [] : [`review by ${approver}`]));
      return world.ownReview;
    },
    readChecks: async () => world.beforeChecks?.() ?? world.forgeChecks,
    async createBranch(_repo, branch) {
      world.effects.push(`branch ${branch}`);
      return { outcome: 'created' };
    },
    async push(_repo, branch, expectedSha) {
      world.effects.push(`push ${branch} over ${expectedSha.slice(0, 7)}`);
      return { outcome: world.pushAnswer, actualSha: world.pushAnswer === 'moved' ? 'f'.repeat(40) : world.headSha };
    },
    branchHead: async () => world.headSha,
    async openPullRequest() {
      world.effects.push('open');
      return { number: 7, url: '/pulls/7' };
    },
    async readPullRequest() {
      const { state, mergedSha, headSha } = world.pullRequest;
      return { state, mergedSha, headSha: headSha ?? world.headSha };
    },
    mergeMethod: async () => world.mergeMethod,
    async merge(_repo, _pullRequest, { headSha, baseSha, mergeSha }) {
      if (world.mergeAnswer !== null) return world.mergeAnswer;
      world.effects.push(`merge ${headSha.slice(0, 7)} onto ${baseSha.slice(0, 7)} as ${mergeSha.slice(0, 7)}`);
      world.pullRequest = { state: 'merged', mergedSha: mergeSha, headSha };
      return { outcome: 'merged', mergedSha: mergeSha };
    },
    async closePullRequest() {
      world.effects.push('close');
    },
  };
}

function fakeWorkspace(world: World): Workspace {
  const facts = (baseSha: string, headSha: string): DiffFacts => ({
    baseSha,
    mergeBaseSha: baseSha,
    headSha,
    diffHash: world.diffHash,
    files: [
      {
        path: 'src/greet.js',
        status: 'added',
        added: 1,
        removed: 0,
        binary: false,
        modeBefore: '000000',
        modeAfter: '100644',
      },
    ],
  });
  return {
    inspect: unasked('a look at the repository'),
    refresh: async () => ({ baseSha: world.baseSha }),
    listTree: async (_repo, sha) =>
      world.packageJson(sha) === null ? [] : [{ path: 'package.json', mode: '100644', bytes: 10 }],
    async readFile(_repo, sha, path) {
      const text =
        path === 'factory.yaml' ? world.factoryYaml : path === 'package.json' ? world.packageJson(sha) : null;
      return text === null ? null : new TextEncoder().encode(text);
    },
    async readTexts(_repo, sha) {
      const text = world.packageJson(sha);
      return new Map(text === null ? [] : [['package.json', text]]);
    },
    history: async () => [],
    bundleOut: async () => {},
    importBundle: async () => ({
      headSha: world.headSha,
      commits: [{ sha: world.headSha, title: 'Greet' }],
      findings: [],
    }),
    diff: async (_repo, baseSha, headSha) => facts(baseSha, headSha),
    diffText: async () => ({ text: '+export const greet = 1;\n', truncated: false }),
    async mergeCommit(_repo, { message }) {
      if (world.conflict) {
        throw new FactoryError(
          'merge-conflict',
          'The work and the base branch changed the same lines in "src/greet.js".',
          { fix: 'By hand.' },
        );
      }
      const sha = message.startsWith('Preview') ? PREVIEW : MERGED;
      await (sha === MERGED ? world.beforeMerge?.() : undefined);
      return { sha, tree: 'd'.repeat(40) };
    },
    tagCommit: async () => null,
    revertCommit: async () => ({ sha: world.headSha, tree: 'd'.repeat(40) }),
    isAncestor: async () => world.headHasBase,
  };
}

function fakeSandbox(world: World): Sandbox {
  const result = (exitCode: number): SandboxResult => ({
    exitCode,
    endedBy: null,
    stdout: '',
    stderr: '',
    droppedOutputBytes: 0,
    durationMs: 3,
  });
  return {
    kind: 'none',
    probe: async () => (world.sandbox.ok ? { ok: true, detail: 'works' } : world.sandbox),
    createWorkspace: async () => ({
      write: async (path) => void world.effects.push(`write ${path}`),
      copyIn: async () => {},
      read: async () => null,
      copyOut: async () => {},
      async run({ argv }) {
        if (argv.includes('diff')) return result(1);
        if (argv.includes('npm test') || argv.some((word) => word.includes('npm'))) {
          world.effects.push('check');
          const run = world.effects.filter((effect) => effect === 'check').length;
          return { ...result(world.checkExit), stdout: world.checkPrints(run) };
        }
        return { ...result(0), stdout: `${world.headSha}\n` };
      },
      dispose: async () => {},
    }),
  };
}

export function createTools(unitOfWork: UnitOfWork, world: World): StepTools {
  return {
    unitOfWork,
    workspace: fakeWorkspace(world),
    forge: fakeForge(world),
    groups: { members: (group) => world.groups.members(group) },
    sandbox: fakeSandbox(world),
    clock: { now: () => new Date(world.nowMs) },
    ids: { next: () => randomUUID() },
    thinking: null,
    vulnerabilities: null,
    settings: {
      get approvers() {
        return world.approvers;
      },
      tempDir: tmpdir(),
      registryHosts: null,
    },
  };
}

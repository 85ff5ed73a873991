import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import { creditForEdit, readBrief } from '../tools/brief.ts';
import { packetHeaderOf, readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';

type Edit = TaskBrief['changeSet']['edits'][number];
const DOC_FILE = /(^|\/)(readme|changelog|docs\/.+)(\.[a-z]+)?$|\.(md|rst|adoc)$/i;

/** Plans against the tree that the branch started from: what is new, what is replaced, what could go wrong. */
export function createPlan(tools: Pick<StepTools, 'unitOfWork' | 'workspace'>): Step {
  return async (context) => {
    const { task } = context;
    const brief = await readBrief(context);
    const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
    const repo = await repositoryOf(tools, task);
    const tree = await tools.workspace.listTree(repo, requireHash(task.branch?.baseSha ?? null, 'branch'));
    const existing = new Set(tree.map((entry) => entry.path));
    const packet = PlanPacket.parse({
      ...packetHeaderOf(task, 'mason', 'vera'),
      type: 'plan',
      ...planChange(brief, scope, existing),
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [artifact],
      decide: (now, step, meta) => decideStep({ type: 'record-plan', artifact: artifact.hash }, now, step, meta),
    };
  };
}

function planChange(brief: TaskBrief, scope: ScopePacket, existing: ReadonlySet<string>) {
  const { edits, acceptance, leftOut } = brief.changeSet;
  const tests = edits.filter((edit) => edit.isTest);
  const code = edits.filter((edit) => !edit.isTest);
  const docs = code.filter((edit) => DOC_FILE.test(edit.path));
  const steps = [
    ...(tests.length > 0
      ? [
          {
            text: `Commit ${names(tests)} first and see ${tests.length === 1 ? 'it' : 'them'} fail.`,
            files: paths(tests),
          },
        ]
      : []),
    ...(code.length > 0 ? [{ text: `Bring ${names(code)} onto the branch.`, files: paths(code) }] : []),
    { text: "Run the repository's own checks and compare them with the base.", files: [] },
  ];
  return {
    steps,
    fileTargets: edits.map((edit) => ({
      path: edit.path,
      action:
        edit.kind === 'diff'
          ? ('patch' as const)
          : existing.has(edit.path)
            ? ('replace' as const)
            : ('create' as const),
      why: `${edit.isTest ? 'Test' : 'Code'} from ${creditForEdit(brief, edit)}.`,
      evidence: edit.pastedBy === undefined ? [edit.position] : [],
    })),
    criteriaCovered: scope.criteria.map(({ id }) => id),
    tests: paths(tests),
    docs: paths(docs),
    risks: [
      ...replacedWhole(code, existing).map(
        (edit) => `${edit.path} exists and is replaced as a whole; check that nothing else in it was needed.`,
      ),
      ...(tests.length === 0 ? ['The conversation holds no tests for this.'] : []),
      ...(acceptance === 'unconfirmed' ? ['Nobody in the conversation said yes or no to this last version.'] : []),
      ...leftOut.map(({ path, reason }) => `${path} was left out: ${reason}`),
    ],
    rollback: 'Revert the one merge commit.',
  };
}

function replacedWhole(edits: readonly Edit[], existing: ReadonlySet<string>): Edit[] {
  return edits.filter((edit) => edit.kind === 'file' && existing.has(edit.path));
}

function paths(edits: readonly Edit[]): string[] {
  return [...new Set(edits.map((edit) => edit.path))];
}

function names(edits: readonly Edit[]): string {
  const all = paths(edits);
  return all.length <= 3 ? all.join(', ') : `${all.slice(0, 2).join(', ')} and ${all.length - 2} more files`;
}

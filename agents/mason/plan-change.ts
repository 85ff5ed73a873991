import { editsOf } from '#src/backlog/task-brief.ts';
import type { BriefEdit as Edit, TaskBrief } from '#src/backlog/task-brief.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import { creditForEdit } from '../tools/brief.ts';
import type { PlanContent } from './plan-content.ts';

const DOC_FILE = /(^|\/)(readme|changelog|docs\/.+)(\.[a-z]+)?$|\.(md|rst|adoc)$/i;

export const ROLLBACK = 'Revert the one merge commit.';

/** The plan for the code that the conversation holds, by rule alone. */
export function planChange(brief: TaskBrief, scope: ScopePacket, existing: ReadonlySet<string>): PlanContent {
  const edits = editsOf(brief);
  const leftOut = brief.changeSet?.leftOut ?? [];
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
      ...(brief.changeSet?.acceptance === 'unconfirmed'
        ? ['Nobody in the conversation said yes or no to this last version.']
        : []),
      ...leftOut.map(({ path, reason }) => `${path} was left out: ${reason}`),
    ],
    rollback: ROLLBACK,
    packArtifact: null,
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

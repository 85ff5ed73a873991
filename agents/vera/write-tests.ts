import type { StepContext } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import { modelNotesOf } from '../thinking/tell-notes.ts';
import { think } from '../thinking/think.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { codeTools } from '../thinking/tools/code-tools.ts';
import { readBrief } from '../tools/brief.ts';
import { runInWorktree } from '../tools/checks.ts';
import { commitFiles } from '../tools/commit-files.ts';
import type { FilesToCommit } from '../tools/commit-files.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { importPolicy } from '../tools/import-policy.ts';
import { modelWords } from '../tools/model-words.ts';
import { recordingLessons } from '../tools/lessons.ts';
import { packFor } from '../tools/pack.ts';
import { readPacket } from '../tools/packet-header.ts';
import { planText, reportText, scopeText } from '../tools/packet-texts.ts';
import { rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { watchWrites } from '../thinking/tools/watch-writes.ts';
import { openWorktree } from '../tools/worktree.ts';
import { writtenMessage } from '../tools/written-message.ts';
import { TEST_INSTRUCTIONS } from './instructions.ts';
import { vera } from './persona.ts';
import type { LockBase, LockedTests } from './locked-tests.ts';
import { judgeRed } from './red-tests.ts';
import { refuseTestPath } from './test-paths.ts';
import { TestsAnswer, testsProblems } from './tests-problems.ts';

const MAX_OUTPUT_CHARACTERS = 6_000;
const MAX_NOTES = 5;
/** The first tests, and one more go with what came of them. */
const GOES = 2;
const NOTHING_NEW = { why: 'They are on the base already, or .gitignore covers them.', redOnBase: false };

/**
 * A model's acceptance tests, locked only when code has seen them fail on the base, and for want of the code. Throws
 * FactoryError `tests-not-red`.
 */
export async function writeTests(
  tools: StepTools,
  context: StepContext,
  base: LockBase,
  thinking: ThinkDependencies,
): Promise<LockedTests> {
  const { task, signal } = context;
  const { repo, baseSha, baseline } = base;
  const brief = await readBrief(context);
  const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
  const plan = await readPacket(context, task.artifacts.plan, 'plan', PlanPacket);
  const pack = await packFor(tools, context, {
    persona: 'vera',
    step: 'lock',
    sha: baseSha,
    windowTokens: thinking.calls.windowTokens,
    packets: [
      { title: 'Scope by Piper', text: scopeText(scope) },
      { title: 'Plan by Mason', text: planText(plan) },
    ],
    focus: plan.fileTargets.map(({ path }) => path),
  });
  const policy = importPolicy(await rulesAt(tools, repo, baseSha));
  thinking.notes?.gavePack(pack.included);
  const mayEdit = (path: string): string | null =>
    refuseTestPath(path, { tests: plan.tests, protectedAreas: scope.protectedAreas });
  const basePaths = new Set((await tools.workspace.listTree(repo, baseSha)).map(({ path }) => path));
  const worktree = await openWorktree(tools, repo, baseSha, signal);
  try {
    const watched = watchWrites(worktree, codeTools(worktree, { mayEdit, plan: base.plan, sha: baseSha }));
    const tried: string[] = [];
    let findings: string[] = [];
    for (let go = 1; go <= GOES; go += 1) {
      const answer = await think(
        {
          persona: vera,
          instructions: TEST_INSTRUCTIONS,
          material: [pack.text, ...findings].join('\n\n'),
          answer: {
            name: 'acceptance_tests',
            schema: TestsAnswer,
            problems: (value) =>
              testsProblems(value, { written: watched.files, basePaths, mayEdit, criteria: scope.criteria }),
          },
          tools: watched.tools,
        },
        recordingLessons(thinking, task, pack),
      );
      const files = new Map([...watched.files].filter(([path]) => answer.testFiles.includes(path)));
      const testFiles = [...files.keys()].toSorted();
      const message = writtenMessage(brief, {
        title: `Test: ${brief.title}`,
        model: thinking.calls.model,
        why: `before the code, for ${answer.coversCriteria.join(', ')}`,
      });
      const commit = { repo, fromSha: baseSha, baseSha, message, identity: personaIdentity('vera'), policy };
      const went = await tryTests(tools, base, { ...commit, files, at: task.committedAt }, signal);
      const judged = went === null ? NOTHING_NEW : judgeRed(went.report, baseline);
      if (went !== null && judged.why === null) {
        return {
          testsSha: went.testsSha,
          testFiles,
          writtenBy: 'vera',
          redOnBase: judged.redOnBase,
          notes: notesOn(answer, judged.redOnBase, scope.criteria),
          modelNotes: await modelNotesOf(tools, task, thinking),
          pack: pack.artifact,
        };
      }
      tried.push(`${testFiles.join(', ')}: ${judged.why}`);
      findings = [
        `You wrote ${testFiles.map((path) => JSON.stringify(path)).join(', ')}; they are in the tree, and they do not do. Mend them so that they fail because the code is missing, and for no other reason.`,
        // The reason may quote what a test printed.
        wrapOutsideText({
          origin: 'output of the checks',
          text: [judged.why, ...(went === null ? [] : [reportText(went.report)])].join('\n\n'),
          maxCharacters: MAX_OUTPUT_CHARACTERS,
        }),
      ];
    }
    throw notRed(tried);
  } finally {
    await worktree.dispose();
  }
}

/**
 * Commits exactly what was written, before any of it runs: a test may write files, stage and commit while it runs.
 * null: there was nothing to commit.
 */
async function tryTests(
  tools: StepTools,
  { plan, baseSha }: LockBase,
  commit: FilesToCommit,
  signal: AbortSignal,
): Promise<{ testsSha: string; report: CheckReport } | null> {
  const committed = await commitFiles(tools, commit, signal);
  if (committed === null) return null;
  try {
    const report = await runInWorktree(committed.worktree, plan, baseSha, signal);
    signal.throwIfAborted();
    return { testsSha: committed.work.headSha, report };
  } finally {
    await committed.worktree.dispose();
  }
}

function notesOn(
  { coversCriteria, notes }: TestsAnswer,
  redOnBase: boolean | null,
  criteria: ScopePacket['criteria'],
): string[] {
  const untested = criteria.filter(({ id }) => !coversCriteria.includes(id));
  return [
    ...(redOnBase === null
      ? ['The base is red already, so whether the new tests fail without the code cannot be told.']
      : []),
    `Vera wrote the tests with a model, for ${coversCriteria.join(', ')}.`,
    ...untested.map(({ id, text }) =>
      modelWords(`No test was written for ${id}, so a person has to look at it: ${text}`),
    ),
    ...notes
      .map((note) => modelWords(note))
      .filter((note) => note !== '')
      .slice(0, MAX_NOTES),
  ];
}

function notRed(tried: readonly string[]): FactoryError {
  const goes = tried.map((why, index) => `(${index + 1}) ${why}`).join(' ');
  return new FactoryError(
    'tests-not-red',
    `Vera wrote tests ${tried.length} times, and none of them fails for want of the code. ${goes}`,
    {
      fix: 'Paste tests into this thread with the name of their file, or say what they should check and retry. If the code does all this already, stop the task.',
    },
  );
}

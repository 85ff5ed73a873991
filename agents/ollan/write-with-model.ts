import { FactoryError } from '#src/errors.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';
import { think } from '../thinking/think.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { codeTools } from '../thinking/tools/code-tools.ts';
import { planChecksOfChange } from '../tools/checks.ts';
import { commitFiles } from '../tools/commit-files.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { recordingLessons } from '../tools/lessons.ts';
import { packFor } from '../tools/pack.ts';
import { planText, scopeText } from '../tools/packet-texts.ts';
import { readPacket } from '../tools/packet-header.ts';
import { findRewrittenTests } from '../tools/tests-touched.ts';
import { watchWrites } from '../thinking/tools/watch-writes.ts';
import type { FileContents } from '../tools/commit-files.ts';
import { openWorktree } from '../tools/worktree.ts';
import { writtenMessage } from '../tools/written-message.ts';
import { ollan } from './persona.ts';
import { OllanAnswer, wordsOf } from './answer.ts';
import type { BuildJob, Built } from './build-job.ts';
import { cleanUp } from './clean-up.ts';
import { findingsText } from './findings.ts';
import { BUILD_INSTRUCTIONS } from './instructions.ts';
import { mayEditCode } from './may-edit.ts';
import { measureChecks } from './measured-checks.ts';

/**
 * Lets a model write the code, or mend what the last build left, on top of `fromSha`; then commits what it wrote, runs
 * the checks and cleans up. Throws FactoryError `nothing-changed`, `ollan-blocked`, and what `think` throws.
 */
export async function writeWithModel(job: BuildJob, fromSha: string, thinking: ThinkDependencies): Promise<Built> {
  const { tools, context, repo, brief, branch, policy, lock, credit } = job;
  const { signal, task } = context;
  const { baseSha } = branch;
  const checks = await planChecksOfChange(tools, repo, { baseSha, sha: fromSha });
  const { answer, files, pack } = await write(job, fromSha, thinking, checks);
  const words = wordsOf(answer);
  const commit = { repo, baseSha, identity: personaIdentity('ollan'), at: task.committedAt, policy };
  const said = writtenMessage(brief, { title: brief.title, summary: words.summary, model: thinking.calls.model });
  const message = `${said}${credit}`;
  const committed = await commitFiles(tools, { ...commit, fromSha, files, message }, signal);
  if (committed === null) throw nothingChanged(brief.title);
  const { work, ignored, worktree } = committed;
  try {
    const code = [...files]
      .filter(([path, content]) => content !== null && !ignored.includes(path) && !isTestFile(path, ''))
      .map(([path]) => path);
    // A change may bring the first checks that there are.
    const plan =
      checks.checks.length > 0 ? checks : await planChecksOfChange(tools, repo, { baseSha, sha: work.headSha });
    const measured = await measureChecks(worktree, { plan, sha: work.headSha, files: code }, signal);
    const rewrittenTests = await findRewrittenTests(worktree, tools, {
      repo,
      sha: work.headSha,
      testFiles: lock.testFiles,
    });
    const cleaned = measured.isGreen
      ? await cleanUp(job, { work, worktree, files: code, plan, before: measured.coverage }, thinking)
      : null;
    return {
      ...words,
      work: cleaned?.work ?? work,
      cleanUp: cleaned?.result ?? null,
      model: thinking.calls.model,
      handedBackBy: null,
      rewrittenTests,
      ignored,
      packArtifact: pack.hash,
      artifacts: [pack],
    };
  } finally {
    await worktree.dispose();
  }
}

async function write(job: BuildJob, fromSha: string, thinking: ThinkDependencies, checks: CheckPlan) {
  const { tools, context, repo, plan, lock, last, policy } = job;
  const { task, signal } = context;
  const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
  const pack = await packFor(tools, context, {
    persona: 'ollan',
    step: 'build',
    sha: fromSha,
    windowTokens: thinking.calls.windowTokens,
    packets: [
      { title: 'Scope by Piper', text: scopeText(scope) },
      { title: 'Plan by Mason', text: planText(plan) },
      { title: 'Locked tests by Vera', text: lockText(lock.testFiles, lock.notes) },
    ],
    focus: [...plan.fileTargets.map(({ path }) => path), ...lock.testFiles],
  });
  thinking.notes?.gavePack(pack.included);
  const findings = last === null ? '' : `\n\n# What came before\n${await findingsText(context, last)}`;
  const worktree = await openWorktree(tools, repo, fromSha, signal);
  try {
    const mayEdit = mayEditCode(policy.protectedPaths, lock.testFiles);
    const watched = watchWrites(worktree, codeTools(worktree, { mayEdit, plan: checks, sha: fromSha }));
    let wasTold = false;
    const answer = await think(
      {
        persona: ollan,
        instructions: BUILD_INSTRUCTIONS,
        material: `${pack.text}${findings}`,
        answer: {
          name: 'build',
          schema: OllanAnswer,
          async problems({ blocker }) {
            if (blocker !== null || wasTold || (await hasChanged(job, fromSha, watched.files))) return [];
            wasTold = true;
            return ['Nothing was changed in the worktree. Write the code with your tools, or answer with a blocker.'];
          },
        },
        tools: watched.tools,
      },
      recordingLessons(thinking, task, pack),
    );
    return { answer, files: watched.files, pack: pack.artifact };
  } finally {
    await worktree.dispose();
  }
}

function lockText(testFiles: readonly string[], notes: readonly string[]): string {
  return [testFiles.length === 0 ? 'No tests are locked.' : `May not change: ${testFiles.join(', ')}`, ...notes].join(
    '\n',
  );
}

/** By contents: a file that was written as it stood is no change. */
async function hasChanged({ tools, repo }: BuildJob, sha: string, files: FileContents): Promise<boolean> {
  for (const [path, content] of files) {
    const before = await tools.workspace.readFile(repo, sha, path, Number.MAX_SAFE_INTEGER);
    if (before === null || content === null ? before !== content : !Buffer.from(before).equals(content)) return true;
  }
  return false;
}

function nothingChanged(title: string): FactoryError {
  return new FactoryError('nothing-changed', `Ollan says that "${title}" is done, and nothing was changed.`, {
    fix: 'Say in this thread what is missing and retry, paste the code, or stop the task.',
  });
}

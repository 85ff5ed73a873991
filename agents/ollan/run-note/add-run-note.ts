import { taskStream } from '#src/code-factory/task.ts';
import { isEvent } from '#src/ledger/event.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import type { HostFile, ImportedWork } from '#src/ports/workspace.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { commitFiles } from '../../tools/commit-files.ts';
import { personaIdentity } from '../../tools/commit-message.ts';
import { importPolicy } from '../../tools/import-policy.ts';
import { rulesAt } from '../../tools/repository.ts';
import type { BuildJob, Built } from '../build-job.ts';
import { blobOf, pageIn } from './host-files.ts';
import { writeRunNote } from './write-run-note.ts';

/**
 * Puts the page of the run on top of a build, where the project asks for one, before its checks run: so that they run on
 * the very commit that a person is asked to approve, page and all. The same build gets the same page.
 */
export async function addRunNote(
  job: BuildJob,
  built: Built,
): Promise<{ work: ImportedWork; hostFiles: readonly HostFile[] }> {
  const { tools, context, repo, branch, last, hostFiles: before } = job;
  const { task, signal } = context;
  const rules = await rulesAt(tools, repo, branch.baseSha);
  if (rules?.runNotes !== true) return { work: built.work, hostFiles: before };

  const path = pageIn(before, last) ?? (await freePath(job));
  const text = cleanOutbound(writeRunNote(await factsOf(job, built, path)), { goesTo: 'forge' });
  const content = new TextEncoder().encode(text);
  const blob = blobOf(content);
  const hostFiles = before.some((file) => file.path === path && file.blob === blob)
    ? before
    : [...before, { path, blob }];
  const committed = await commitFiles(
    tools,
    {
      repo,
      fromSha: built.work.headSha,
      baseSha: branch.baseSha,
      files: new Map([[path, content]]),
      message: `Note what came of task ${task.number}`,
      identity: personaIdentity('tess'),
      at: task.committedAt,
      policy: importPolicy(rules, hostFiles),
    },
    signal,
  );
  if (committed === null) return { work: built.work, hostFiles };
  await committed.worktree.dispose();
  return { work: committed.work, hostFiles };
}

/** Another data folder may have counted to this number before. */
async function freePath({ tools, context, repo, branch }: BuildJob): Promise<string> {
  const { number, taskId } = context.task;
  const path = `factory/runs/${number}.md`;
  const there = await tools.workspace.readFile(repo, branch.baseSha, path);
  return there === null ? path : `factory/runs/${number}-${taskId.slice(-8)}.md`;
}

async function factsOf(job: BuildJob, built: Built, path: string) {
  const { tools, context, repo, branch, brief, lock } = job;
  const { task } = context;
  const { files } = await tools.workspace.diff(repo, branch.baseSha, built.work.headSha);
  const { model, summary } = built;
  return {
    brief,
    number: task.number,
    requester: task.requester,
    branch: branch.name,
    askedAt: await askedAt(job),
    files: files.filter((file) => file.path !== path),
    baseline: lock.baselineArtifact === null ? null : ((await context.artifact(lock.baselineArtifact)) as CheckReport),
    failures: await failuresOf(job),
    said: model === null || summary === null ? null : { model, summary },
  };
}

/** A name that others can look up. Where people chat is theirs, and is not carried into a repository. */
async function askedAt({ tools, brief }: BuildJob): Promise<string | null> {
  const [thread] = await tools.unitOfWork.tables.find('chat_threads', { conversationId: brief.conversationId });
  if (thread?.surface === 'github') return `${thread.channel}#${thread.root}`;
  return thread?.surface === 'queue-file' ? `entry "${decodeURIComponent(thread.root)}" of the queue` : null;
}

/** From the ledger: red checks with their first finding, and that somebody asked for changes, without their words. */
async function failuresOf({ tools, context }: BuildJob): Promise<string[]> {
  const failures: string[] = [];
  for (const event of await tools.unitOfWork.ledger.stream(taskStream(context.task.taskId))) {
    if (isEvent(event, 'changes.requested')) failures.push('A reviewer asked for changes.');
    if (!isEvent(event, 'qa.failed') || event.artifact === null) continue;
    const packet = QaResultPacket.safeParse(await context.artifact(event.artifact).catch(() => null)).data;
    failures.push(`Attempt ${packet?.attempt ?? '?'}: ${packet?.findings[0]?.text ?? 'the checks were red.'}`);
  }
  return failures;
}

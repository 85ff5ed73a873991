import { taskStream } from '#src/code-factory/task.ts';
import { isEvent } from '#src/ledger/event.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import type { CheckReport } from '#src/qa/report.ts';
import type { BuildJob, Built } from '../build-job.ts';
import { runPageIn } from './host-files.ts';
import { writeRunNote } from './write-run-note.ts';
import type { RunFacts } from './write-run-note.ts';

/** The page of a run and its path, which stays the same for all builds of the run. */
export async function runPage(job: BuildJob, built: Built): Promise<readonly [path: string, text: string]> {
  const path = runPageIn(job.hostFiles, job.last) ?? (await freePath(job));
  return [path, writeRunNote(await factsOf(job, built, path))];
}

/** Another data folder may have counted to this number before. */
async function freePath({ tools, context, repo, branch }: BuildJob): Promise<string> {
  const { number, taskId } = context.task;
  const path = `factory/runs/${number}.md`;
  const there = await tools.workspace.readFile(repo, branch.baseSha, path);
  return there === null ? path : `factory/runs/${number}-${taskId.slice(-8)}.md`;
}

async function factsOf(job: BuildJob, built: Built, path: string): Promise<RunFacts> {
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

import type { HostFile, ImportedWork } from '#src/ports/workspace.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { commitFiles } from '../../tools/commit-files.ts';
import { personaIdentity } from '../../tools/commit-message.ts';
import { importPolicy } from '../../tools/import-policy.ts';
import { rulesAt } from '../../tools/repository.ts';
import type { BuildJob, Built } from '../build-job.ts';
import { blobOf } from './host-files.ts';
import { retrospectivePages } from './retrospective-pages.ts';
import { runPage } from './run-page.ts';

/**
 * Puts the pages that the project asks for on top of a build, that of its run and those of the weeks behind it, before its
 * checks run: so that they run on the very commit that a person is asked to approve, pages and all. The same build gets
 * the same page of its run.
 */
export async function addPages(
  job: BuildJob,
  built: Built,
): Promise<{ work: ImportedWork; hostFiles: readonly HostFile[] }> {
  const { tools, context, repo, branch, hostFiles: before } = job;
  const { task, signal } = context;
  const rules = await rulesAt(tools, repo, branch.baseSha);
  const weeks = rules?.retrospectives === true ? await retrospectivePages(job) : new Map<string, string>();
  const pages = new Map([...weeks, ...(rules?.runNotes === true ? [await runPage(job, built)] : [])]);
  if (pages.size === 0) return { work: built.work, hostFiles: before };

  const files = new Map<string, Uint8Array>();
  const hostFiles = [...before];
  for (const [path, text] of pages) {
    const content = new TextEncoder().encode(cleanOutbound(text, { goesTo: 'forge' }));
    const blob = blobOf(content);
    files.set(path, content);
    if (!hostFiles.some((file) => file.path === path && file.blob === blob)) hostFiles.push({ path, blob });
  }
  const committed = await commitFiles(
    tools,
    {
      repo,
      fromSha: built.work.headSha,
      baseSha: branch.baseSha,
      files,
      message: rules?.runNotes === true ? `Note what came of task ${task.number}` : 'Note what the last week brought',
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

import { openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import type { ProjectRow, StoryTaskRow } from '#src/ledger/rows.ts';
import { readRelease } from '#src/reflection/read-release.ts';
import type { Since } from '#src/reflection/read-release.ts';
import { draftReleaseNotes, renderReleaseNotes } from '#src/reflection/release-notes.ts';
import { markdownLine } from '#src/reflection/markdown-line.ts';
import { chooseProjects } from './choose-projects.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

export const releaseNotesCommand: Command = {
  name: 'release-notes',
  usage: 'release-notes [--project NAME] [--since DATE|TAG]',
  summary: 'What was merged and still stands, by epic, with who approved it: of all time, since a day, or since a tag.',
  async run({ argv, config, host }) {
    const options = { project: { type: 'string' }, since: { type: 'string' } } as const;
    const { values } = parseWords(argv, this.usage, options, { min: 0, max: 0 });
    const workbench = await openWorkbench(config, host);
    try {
      const { unitOfWork } = workbench;
      const projects = chooseProjects(
        await unitOfWork.tables.find('projects', {}, { orderBy: 'slug' }),
        values.project,
      );
      const drafts = [];
      for (const project of projects) {
        const since = values.since === undefined ? null : await sinceOf(workbench, project, values.since);
        drafts.push(draftReleaseNotes(await readRelease(unitOfWork, project, since)));
      }
      return {
        document: drafts,
        lines: drafts.map((notes) => renderReleaseNotes(notes, { lineOf: markdownLine })),
        exitCode: 0,
      };
    } finally {
      await workbench.close();
    }
  },
};

/** A day as people write it, at midnight UTC, or a whole moment; else a tag of the project's repositories. */
async function sinceOf(workbench: Workbench, project: ProjectRow, since: string): Promise<Since> {
  if (/^\d{4}-\d\d-\d\d(?:T.*)?$/.test(since)) {
    const from = Date.parse(since);
    if (Number.isNaN(from))
      throw new FactoryError('usage', `“${since}” is no day.`, { fix: 'Write it as 2026-11-01.' });
    return {
      words: `since ${since}`,
      isIn: ({ endedAt, updatedAt }) => Date.parse(endedAt ?? updatedAt) >= from,
    };
  }
  return { words: `since ${since}`, isIn: await notIn(workbench, project, since) };
}

/** What the tagged commit does not hold yet. FactoryError `no-such-tag`. */
async function notIn(
  { unitOfWork, workspace }: Workbench,
  project: ProjectRow,
  tag: string,
): Promise<(task: StoryTaskRow) => Promise<boolean>> {
  const repos = await unitOfWork.tables.find('git_repos', { projectId: project.id });
  const tagged = new Map<string, string>();
  for (const repo of repos) {
    await workspace.refresh(repo);
    const sha = await workspace.tagCommit(repo, tag);
    if (sha !== null) tagged.set(repo.id, sha);
  }
  if (tagged.size === 0) {
    throw new FactoryError('no-such-tag', `No repository of ${project.name} has a tag “${tag}”.`, {
      fix: 'Push the tag, or name a day: --since 2026-11-01.',
    });
  }
  return async ({ repoId, mergedSha }) => {
    const repo = repos.find(({ id }) => id === repoId);
    const sha = tagged.get(repoId);
    if (repo === undefined || sha === undefined || mergedSha === null) return true;
    return !(await workspace.isAncestor(repo, mergedSha, sha));
  };
}

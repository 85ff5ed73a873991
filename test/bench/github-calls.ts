import { chatgptConversation, nodeProject, oneStory, writeExport } from '#test/e2e/support/talk.ts';
import { createTestWorkbench } from '#test/e2e/support/workbench.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import type { Table } from './table.ts';
import { show } from './table.ts';

const AIM = 25;

/** How often GitHub's API is called for one task, from its branch to its merge, with one check that has to pass. */
export async function measureCalls(): Promise<Table> {
  const github = await startGitHub({ repositories: { 'acme/shop': { files: nodeProject } } });
  const workbench = await createTestWorkbench();
  try {
    github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
    const file = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    const env = {
      GITHUB_TOKEN: github.apps.workbench.token().value,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_URL: github.url,
      APPROVERS: 'ana',
    };
    const run = async (exitCode: number, ...words: string[]): Promise<void> => {
      const ran = await workbench.run(['run', file, '--repo', 'github:acme/shop', ...words], { env });
      if (ran.exitCode !== exitCode) throw new Error(`run ended with ${ran.exitCode}: ${ran.stderr}`);
    };
    await run(3);
    const untilReview = github.calls.length;
    await run(0, '--approve-as', 'ana');
    await github.settled();
    const counts = new Map<string, [number, number]>();
    for (const [at, { operation }] of github.calls.entries()) {
      const count = counts.get(operation) ?? [0, 0];
      count[at < untilReview ? 0 : 1] += 1;
      counts.set(operation, count);
    }
    const rows = [...counts].toSorted(([, a], [, b]) => b[0] + b[1] - (a[0] + a[1]));
    const isGit = (operation: string): boolean => operation.startsWith('git/') && !operation.startsWith('git/get');
    const total = (of: typeof rows): string[] => {
      const sum = (part: 0 | 1) => of.reduce((all, [, count]) => all + count[part], 0);
      return [show(sum(0)), show(sum(1)), show(sum(0) + sum(1))];
    };
    return {
      title: `GitHub: calls for one task, from its branch to its merge (aim: at most ${AIM})`,
      columns: ['call', 'until the review', 'until the merge', 'together'],
      rows: [
        ...rows.map(([operation, [before, after]]) => [operation, show(before), show(after), show(before + after)]),
        ['all of the API', ...total(rows.filter(([operation]) => !isGit(operation)))],
        ['all of git', ...total(rows.filter(([operation]) => isGit(operation)))],
      ],
      note: 'One check runs and passes; the binding of the repository is counted in. Git does not count towards the limit of the API.',
    };
  } finally {
    await github.settled();
    await github.close();
    await workbench.remove();
  }
}

import * as z from 'zod';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { repoPath } from './repo-path.ts';
import { gitHead, pathspec } from './sandbox-git.ts';

const MAX_FILES = 300;
const MAX_LISTED_BYTES = 4 * 1024 * 1024;

/** Paths of the tree as it stands, without what `.gitignore` names. */
export function listFiles(worktree: Worktree): ModelTool {
  return defineTool({
    name: 'list_files',
    description: `Lists files of the repository, at most ${MAX_FILES}. "path" is a folder ("src"), a pattern ("src/**/*.test.ts") or "" for all.`,
    arguments: z.strictObject({ path: z.string() }),
    mutates: false,
    run: async ({ path }, signal) => {
      const spec = ['--', ...pathspec(repoPath(path))];
      const list = async (...flags: string[]) =>
        (await gitHead(worktree, ['ls-files', '-z', ...flags, ...spec], MAX_LISTED_BYTES, signal)).stdout
          .split('\0')
          .filter((name) => name !== '');
      const gone = new Set(await list('--deleted'));
      const found = await list('--cached', '--others', '--exclude-standard');
      const paths = [...new Set(found)].filter((name) => !gone.has(name)).toSorted();
      if (paths.length === 0) return `There are no files at ${JSON.stringify(path)}. List "" to see what there is.`;
      if (paths.length <= MAX_FILES) return paths.join('\n');
      return [
        ...paths.slice(0, MAX_FILES),
        `(${paths.length - MAX_FILES} more are not shown; they lie in: ${folders(paths.slice(MAX_FILES))})`,
      ].join('\n');
    },
  });
}

const MAX_FOLDERS = 30;

function folders(paths: readonly string[]): string {
  const names = [...new Set(paths.map((path) => path.split('/').slice(0, -1).slice(0, 2).join('/') || 'the top'))];
  return names.length <= MAX_FOLDERS ? names.join(', ') : `${names.slice(0, MAX_FOLDERS).join(', ')} and others`;
}

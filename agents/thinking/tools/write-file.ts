import * as z from 'zod';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { requireNoHidden } from './hidden-marks.ts';
import { editablePath } from './may-edit.ts';
import type { MayEdit } from './may-edit.ts';
import { refused } from './refused.ts';
import { fileExists, readTextFile, writeTextFile } from './repo-file.ts';

const MAX_TEXT_CHARACTERS = 500_000;

/** A new file, or the whole of one. The line ends of a file that was there are kept. */
export function writeFile(worktree: Worktree, mayEdit: MayEdit): ModelTool {
  return defineTool({
    name: 'write_file',
    description: 'Writes a whole file: a new one, or all of an existing one. For a part of a file use edit_file.',
    arguments: z.strictObject({ path: z.string(), content: z.string().max(MAX_TEXT_CHARACTERS) }),
    mutates: true,
    run: async ({ path, content }) => {
      const file = editablePath(path, mayEdit);
      const before = (await fileExists(worktree, file)) ? await readTextFile(worktree, file) : null;
      requireNoHidden(content, before?.text ?? '');
      const text = before?.isCrlf === true ? content.replaceAll(/\r?\n/g, '\r\n') : content;
      if (text === before?.text) {
        throw refused(`${file} reads exactly so already; nothing was changed.`, 'Go on with the next thing.');
      }
      await writeTextFile(worktree, file, text);
      return `${before === null ? 'Made' : 'Replaced all of'} ${file}: ${text.length} characters.`;
    },
  });
}

import type { ThreadWords } from '#src/desk/threads.ts';
import type { Issue, IssueComment, IssueWords } from '#src/ports/issues.ts';
import { withoutComments } from '#src/safety/html-comments.ts';
import { hasMarker } from '../asking/marker.ts';
import { type IssueRef, originIdOf } from '../github-tools.ts';

export interface Heard {
  /** Oldest first; `speaker` is a login. */
  words: ThreadWords[];
  /** By people who may not write, so they are kept nowhere. */
  leftOut: number;
  /** Everything that says something on the issue now, heard or not. */
  present: Set<string>;
}

/**
 * What was said on an issue by people who may write to its repository. Others are left out whoever put the label on, and
 * so are bots: the factory's own words among them, so that nothing answers itself. What an author hides in comments of
 * HTML no reader of the page saw, so it was not said.
 */
export async function heardWords(
  ref: IssueRef,
  issue: Issue,
  comments: readonly IssueComment[],
  mayWrite: (login: string) => Promise<boolean>,
): Promise<Heard> {
  const heard: Heard = { words: [], leftOut: 0, present: new Set() };
  const read = async (said: IssueWords, originId: string, text: string): Promise<void> => {
    // Emptied is as good as deleted.
    if (text !== '') heard.present.add(originId);
    if (said.isBot || (said.isOwnAccount && hasMarker(said.text))) return;
    if (said.author === null || !(await mayWrite(said.author))) heard.leftOut += 1;
    else if (text !== '') heard.words.push({ originId, speaker: said.author, role: 'person', at: said.at, text });
  };
  await read(issue, originIdOf(ref, null), [issue.title.trim(), readable(issue.text)].join('\n\n').trim());
  for (const comment of comments) await read(comment, originIdOf(ref, comment.id), readable(comment.text));
  return heard;
}

/** GitHub ends lines as browsers do. */
function readable(markdown: string): string {
  return withoutComments(markdown.replaceAll('\r\n', '\n')).trim();
}

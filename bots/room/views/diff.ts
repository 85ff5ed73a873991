import { html } from 'hono/html';
import type { DiffView } from '#src/desk/desk.ts';
import type { CardAction, Post } from '#src/ports/chat.ts';
import { actionForm, shortSha } from '../cards/action.ts';
import { lineCounts } from '../cards/blocks.ts';
import { parseDiff, type ChangedLine, type FileChange } from '../diff/parse.ts';
import { nothing, type Html } from '../html.ts';
import { runUrl, threadUrl } from '../urls.ts';
import type { Look } from './look.ts';
import { exactCode, inline } from './text.ts';

/** Files with more changed lines than this start folded, unless they are what to look at first. */
const openLines = 120;
/** A browser stays quick below this many lines of one file; the rest is in the repository. */
const maxLines = 3_000;

/** Ways to decide that stand open on this task's cards. */
export interface Decision {
  post: Post;
  action: CardAction;
}

/** The approval that waits in a task's thread, newest first. */
export function openApproval(posts: readonly Post[]): Decision | null {
  for (const post of posts.toReversed()) {
    const action = post.card.actions.find((candidate) => candidate.command.type === 'approve');
    if (action !== undefined) return { post, action };
  }
  return null;
}

export function drawDiff(view: DiffView, decision: Decision | null, look: Look): Html {
  const files = parseDiff(view.text);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return html`<header class="page-head"><p class="crumb"><a href="${threadUrl({ kind: 'task', id: view.taskId })}">Back to the task</a> · <a href="${runUrl(view.taskId)}">The run</a></p>
    <h1 dir="auto">${view.title}</h1>
    <p class="quiet"><code>${shortSha(view.baseSha)}</code> → <code>${shortSha(view.headSha)}</code> · ${files.length} ${files.length === 1 ? 'file' : 'files'} ${lineCounts(added, removed)}</p></header>
    ${view.lookAt.length === 0 ? nothing : html`<section class="look-at" aria-labelledby="look-title"><h2 id="look-title">Look at this first</h2><ol>${view.lookAt.map((words) => html`<li dir="auto">${inline(words)}</li>`)}</ol></section>`}
    ${view.truncated ? html`<p class="problem" role="alert"><b>This is not the whole change.</b> It is longer than the room shows; read the rest in the repository before you approve.</p>` : nothing}
    ${files.length === 0 ? html`<p class="quiet">This change has no lines to show.</p>` : nothing}
    <div class="diff">${files.map((file) => drawFile(file, view))}</div>
    ${drawDecision(view, decision, look)}`;
}

function whatHappened(file: FileChange): string[] {
  const facts =
    file.kind === 'moved' ? [`was ${file.movedFrom ?? 'elsewhere'}`] : file.kind === 'changed' ? [] : [file.kind];
  if (file.binary) facts.push('binary');
  if (file.modeChange !== null) facts.push(`mode ${file.modeChange}`);
  return facts;
}

function drawFile(file: FileChange, view: DiffView): Html {
  const named = view.lookAt.some((words) => words.includes(file.path));
  const open = named || file.added + file.removed <= openLines;
  let left = maxLines;
  const name = html`<code class="path">${exactCode(file.path)}</code>${whatHappened(file).map((fact) => html` <span class="quiet">${exactCode(fact)}</span>`)}${named ? html` <span class="first">look first</span>` : nothing}`;
  if (file.hunks.length === 0) {
    return html`<div class="file bare" data-step tabindex="-1">${name}${file.binary ? html` <span class="quiet">its bytes are not shown</span>` : nothing}</div>`;
  }
  const hunks = file.hunks.map((hunk) => {
    const lines = hunk.lines.slice(0, Math.max(left, 0));
    left -= hunk.lines.length;
    return html`<p class="hunk">${exactCode(hunk.header)}</p>${lines.map(drawLine)}`;
  });
  const rest = left < 0 ? html`<p class="hunk">${-left} more lines; read them in the repository.</p>` : nothing;
  return html`<details class="file" ${open ? 'open' : ''} data-step tabindex="-1"><summary>${name} ${lineCounts(file.added, file.removed)}</summary><div class="lines">${hunks}${rest}</div></details>`;
}

const signs = { added: '+', removed: '−', same: ' ' } as const;

function drawLine(line: ChangedLine): Html {
  if (line.kind === 'remark') return html`<p class="hunk">${line.text}</p>`;
  return html`<div class="line ${line.kind}"><span class="no old">${line.before ?? ''}</span><span class="no new">${line.after ?? ''}</span><span class="sign">${signs[line.kind]}</span><code>${exactCode(line.text)}</code></div>`;
}

/** The yes that is exact: only when the card speaks of the commit that is shown here. */
function drawDecision(view: DiffView, decision: Decision | null, look: Look): Html {
  if (decision === null || decision.action.command.type !== 'approve') return nothing;
  const { headSha, diffHash } = decision.action.command;
  if (headSha !== view.headSha || diffHash !== view.diffHash) {
    return html`<p class="problem" role="alert"><b>The card speaks of <code>${shortSha(headSha)}</code>, and this is <code>${shortSha(view.headSha)}</code>.</b> The change moved. Go back to the task and look at its newest card.</p>`;
  }
  const note = 'diff-note';
  return html`<section class="decide" aria-label="Decide"><div class="actions">${actionForm(decision.post, decision.action, look, note)}</div><p class="quiet">This commit and no other; a new one asks again.</p><div class="note" id="${note}" role="status"></div></section>`;
}

import { html } from 'hono/html';
import { nothing, type Html } from '../html.ts';

/**
 * Characters that reorder or hide the text around them. In code that somebody is about to approve they are drawn
 * instead of obeyed (CVE-2021-42574).
 */
const hidden = /([\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])/;

/** One line of words: `code` and **bold**, everything else as it is. */
export function inline(text: string): Html {
  const pieces = text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/);
  return html`${pieces.map((piece) => {
    if (piece.length > 2 && piece.startsWith('`') && piece.endsWith('`'))
      return html`<code>${piece.slice(1, -1)}</code>`;
    if (piece.length > 4 && piece.startsWith('**') && piece.endsWith('**'))
      return html`<strong>${piece.slice(2, -2)}</strong>`;
    return piece;
  })}`;
}

/** Code as it is, with hidden characters made visible. */
export function exactCode(text: string): Html {
  if (!hidden.test(text)) return html`${text}`;
  return html`${text.split(hidden).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const name = `U+${(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return html`<span class="hidden-sign" title="A character that shows nothing">${name}</span>`;
  })}`;
}

export function codeBlock(text: string, path: string | null, language: string | null): Html {
  const name = path ?? language;
  return html`<figure class="code">${name === null ? nothing : html`<figcaption>${exactCode(name)}</figcaption>`}<pre tabindex="0"><code>${exactCode(text)}</code></pre></figure>`;
}

/** What people and assistants wrote: paragraphs keep their line breaks, fenced code is set as code. */
export function prose(text: string): Html {
  const parts: Html[] = [];
  let words: string[] = [];
  let fence: { mark: string; language: string; lines: string[] } | null = null;
  const flush = (): void => {
    const said = words.join('\n').trim();
    if (said !== '') parts.push(html`<p class="text" dir="auto">${inline(said)}</p>`);
    words = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const open = /^\s{0,3}(`{3,}|~{3,})\s*([^`]{0,200})$/.exec(line);
    if (fence !== null) {
      if (line.trim() === fence.mark) {
        parts.push(codeBlock(fence.lines.join('\n'), null, fence.language === '' ? null : fence.language));
        fence = null;
      } else fence.lines.push(line);
    } else if (open?.[1] !== undefined) {
      flush();
      fence = { mark: open[1], language: (open[2] ?? '').trim(), lines: [] };
    } else words.push(line);
  }
  if (fence !== null)
    parts.push(codeBlock(fence.lines.join('\n'), null, fence.language === '' ? null : fence.language));
  flush();
  return html`${parts}`;
}

const longTextChars = 1_600;
const previewChars = 420;

/** Long writing folds after its first lines, so that a thread stays readable. */
export function foldedProse(text: string): Html {
  if (text.length <= longTextChars) return prose(text);
  const cut = text.slice(0, previewChars);
  const preview = cut.slice(0, Math.max(cut.lastIndexOf(' '), 1)).replace(/(```|~~~)[\s\S]*$/, '');
  return html`<p class="text" dir="auto">${inline(preview.trim())} …</p>
    <details class="fold"><summary>Read all of it</summary>${prose(text)}</details>`;
}

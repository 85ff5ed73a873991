/** Whether a block that names a file holds the whole of it. Assistants often show "// ... rest unchanged" in its place. */

/** What a partial block is told to people as. */
export const partialFileReason = 'This block holds only a part of the file: ask for the whole file or a diff.';

const docs = /\.(?:md|mdx|markdown|txt|rst|adoc)$/i;
const python = /\.pyi?$/i;
const yaml = /\.ya?ml$/i;

const things =
  '(?:code|file|files|content|contents|component|class|module|script|page|app|implementation|logic|body|functions?|methods?|handlers?|routes?|tests?|cases?|imports?|exports?|styles?|rules?|markup|html|jsx|template|config(?:uration)?|settings?|dependencies|types?|definitions?|fields?|props?|columns?|sections?|items?|entries|lines?|stuff|parts?|things?)';
const whole =
  '(?:code|file|content|contents|component|class|module|script|page|app|implementation|logic|functions?|methods?|markup|jsx|template|config(?:uration)?)';
const same =
  '(?:(?:is |are |stays? |remains? |left |kept |goes |go |will be )*(?:completely )?(?:unchanged|untouched|unmodified|the same|identical|as (?:is|it was|they were|before|above|you have (?:it|them)|in (?:the )?(?:previous|last|first) \\w+)|same as before|here|omitted|not shown|elided)(?: (?:as )?(?:before|above|below|for brevity))?)';
const owner = '(?:(?:the|your|our|my|all|any|of|same|keep|leave) )*';

/** What a comment says when it stands for code that is not shown. Anchored: a remark that only speaks of such things is none. */
const standsForCode = new RegExp(
  `^(?:${[
    `${owner}(?:rest|remainder)(?: of ${owner}(?:\\w+ )?${whole})(?: ${same})?`,
    `${owner}(?:rest|remainder|everything else|all else)(?: of ${owner}(?:\\w+ ){1,3})? ?${same}`,
    `${owner}(?:existing|previous|original|earlier|remaining|current) (?:code|file|contents?|implementation|logic|jsx|markup)(?: (?:above|below))?(?: ${same})?`,
    `${owner}(?:(?:existing|previous|original|earlier|remaining|other|current|same) )+(?:\\w+ ){0,2}${things} ${same}`,
    `${owner}${things} (?:above|below )?(?:stays? |remains? |is |are )?(?:unchanged|untouched|as before|omitted(?: for brevity)?|not shown)`,
    `(?:unchanged|no changes?(?: (?:here|needed|below|above))?|same as (?:before|earlier|previous(?:ly)?|the (?:previous|original|first|last) (?:version|one|file)))`,
    `(?:${things} )?(?:omitted|truncated|abbreviated|shortened|elided)(?: for (?:brevity|clarity|space))?`,
    `for brevity|snip(?:ped)?|snippet ends`,
  ].join('|')})$`,
  'i',
);
/** Beside dots, fewer words are needed: "... other routes ...". */
const besideDots =
  /\b(?:rest|remaining|remainder|existing|previous(?:ly)?|original|other|unchanged|same|before|above|below|omitted|more|etc|as is|code|imports?|here|your|keep|the)\b/i;

const comments: readonly RegExp[] = [
  /^\/\/+\s*(.*?)\s*$/,
  /^#+(?!!)\s*(.*?)\s*$/,
  /^--+\s*(.*?)\s*(?:--+)?$/,
  /^[;%]+\s*(.*?)\s*$/,
  /^\{?\s*\/\*+\s*(.*?)\s*\*+\/\s*\}?[,;]?$/,
  /^<!--\s*(.*?)\s*-->$/,
  /^<%--\s*(.*?)\s*--%>$/,
  /^\{[{%]?[#!-]+\s*(.*?)\s*[#!-]+[}%]?\}$/,
];
const dots = /^(?:\.\s?){3,}|^…+/;
const endDots = /(?:(?:\.\s?){3,}|…+)$/;
/** A comment in or behind code: `function save() { /* ... *\/ }`, `import x; // ... other imports`. */
const innerBlock = /\/\*+\s*(.{0,120}?)\s*\*+\/|<!--\s*(.{0,120}?)\s*-->/g;
const trailing = /^[^'"`]*(?:(['"`])(?:(?!\1).)*\1[^'"`]*)*\s(?:\/\/|#)\s*((?:\.{3}|…).{0,80})$/;

function commentOf(line: string, path: string): string | null {
  if (docs.test(path)) return /^<!--\s*(.*?)\s*-->$/.exec(line)?.[1] ?? null;
  for (const shape of comments) {
    const said = shape.exec(line)?.[1];
    if (said !== undefined) return said;
  }
  return null;
}

/** Whether a comment's words stand for code that is not shown. `alone`: nothing but it is on the line, nor a comment above. */
function elides(comment: string, alone: boolean): boolean {
  const bare = comment.replace(/^[\s([{*=–—-]+|[\s)\]}*=–—-]+$/g, '').trim();
  const opens = dots.test(bare);
  const words = bare
    .replace(dots, '')
    .replace(endDots, '')
    .replace(/[\s.:;,!()–—-]+$/, '')
    .replace(/^[\s,:;()–—-]+/, '');
  if (words === '') return opens;
  if (standsForCode.test(words.replaceAll(/[()]/g, '').replaceAll(/\s+/g, ' '))) return true;
  const closes = endDots.test(bare);
  if (opens && closes) return true;
  if (opens) return alone && (besideDots.test(words) || words.split(' ').length <= 3);
  return closes && /^(?:(?:your|the|all|any) )*(?:other|existing|remaining|previous|rest|more) /i.test(words);
}

/** Which lines stand inside a text of several lines (a template literal, a docstring, a fence in a README). */
function textLines(lines: readonly string[], path: string): boolean[] {
  const mark = docs.test(path) ? /^\s*(?:```|~~~)/g : python.test(path) ? /"""|'''/g : /(?<!\\)`/g;
  let inside = false;
  return lines.map((line) => {
    const before = inside;
    const marks = docs.test(path) ? (mark.test(line) ? 1 : 0) : (line.match(mark) ?? []).length;
    mark.lastIndex = 0;
    if (marks % 2 === 1) inside = !inside;
    return before;
  });
}

/** A lone `...` is a whole body in Python, and ends a document in YAML. */
function isBareDots(line: string, above: string, path: string): boolean {
  const trimmed = line.trim();
  if (!/^(?:\.{3}|…)[,;]?$/.test(trimmed)) return false;
  if (trimmed.startsWith('…')) return true;
  if (yaml.test(path)) return line !== trimmed;
  return !python.test(path) || !/(?::|"""|'''|\()\s*(?:#.*)?$/.test(above);
}

/**
 * True when `content` leaves out some of the file at `path` and says so: a comment such as "... rest unchanged", or dots
 * where code should be. Text inside strings, docstrings and fences of a README is no such sign. Linear in its length.
 */
export function holdsPartOnly(path: string, content: string): boolean {
  const lines = content.split('\n');
  const quoted = textLines(lines, path);
  let above = '';
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || quoted[index] === true || line.length > 400) continue;
    if (isBareDots(line, above, path)) return true;
    const comment = commentOf(trimmed, path);
    if (comment !== null) {
      if (elides(comment, commentOf(above.trim(), path) === null)) return true;
    } else if (!docs.test(path) && !trimmed.startsWith('*')) {
      for (const [, block, markup] of trimmed.matchAll(innerBlock))
        if (elides(block ?? markup ?? '', false)) return true;
      if (elides(trailing.exec(trimmed)?.[2] ?? '', true)) return true;
      if (/^[^'"`]*\{\s*(?:\.{3}|…)\s*\}[;,)]*$/.test(trimmed) && !python.test(path)) return true;
    }
    above = line;
  }
  return false;
}

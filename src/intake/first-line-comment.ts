import { extensionOf, fileNameOf, isPathToken } from './path-token.ts';

export interface FirstLineComment {
  path: string;
  /** All lines, without the comment where the file's language has no such comment (`// data.json`). */
  linesToKeep: readonly string[];
}

type CommentStyle = 'slashes' | 'hash' | 'markup' | 'block' | 'dashes' | 'semicolon' | 'percent';

const styles: readonly (readonly [CommentStyle, RegExp])[] = [
  ['slashes', /^\/\/[/!]?\s*(.*?)\s*$/],
  ['block', /^\{?\/\*+\s*(.*?)\s*\*+\/\}?$/],
  ['markup', /^<!--\s*(.*?)\s*-->$/],
  ['hash', /^#\s*(.*?)\s*$/],
  ['dashes', /^--\s+(.*?)\s*$/],
  ['semicolon', /^;+\s*(.*?)\s*$/],
  ['percent', /^%+\s*(.*?)\s*$/],
];

const extensionsWith: Readonly<Record<CommentStyle, ReadonlySet<string>>> = {
  slashes: setOf(
    'js mjs cjs jsx ts mts cts tsx jsonc json5 java kt kts scala groovy gradle c h cc cpp cxx hh hpp hxx m mm swift cs go rs dart php phtml scss sass less proto prisma zig v sv sol fs fsx pug tf hcl',
  ),
  block: setOf(
    'js mjs cjs jsx ts mts cts tsx jsonc json5 java kt kts scala groovy gradle c h cc cpp cxx hh hpp hxx m mm swift cs go rs dart php phtml css scss sass less sql tf hcl v sv sol',
  ),
  markup: setOf('html htm xml svg vue svelte astro md markdown xsd csproj plist ejs hbs'),
  hash: setOf(
    'py pyi rb rake gemspec sh bash zsh fish yaml yml toml cfg ini env conf properties pl pm r jl ex exs nix tf tfvars hcl graphql gql mk cmake am awk sed ps1 psm1 php dockerfile feature gitignore coffee nim po pot service http',
  ),
  dashes: setOf('sql lua hs elm vhd ada'),
  semicolon: setOf('ini asm s clj cljs edn lisp el scm cfg'),
  percent: setOf('tex bib cls sty erl hrl m'),
};

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** Files without an ending (Makefile, Dockerfile, .gitignore, .env.example) take `#`, as nearly all of them do. */
function hasStyle(path: string, style: CommentStyle): boolean {
  const extension = extensionOf(path);
  if (extension === '' || fileNameOf(path).startsWith('.env') || /^(?:Dockerfile|Containerfile)/.test(fileNameOf(path)))
    return style === 'hash';
  return extensionsWith[style].has(extension);
}

/** The path in a comment that holds only it, or it and (behind a dash, colon or bracket) a remark. */
function pathOfComment(comment: string): string | null {
  const body = comment.replace(/^(?:file ?name|file ?path|file|path)\s*:\s*/i, '').replace(/^[`"'@]|[`"']$/g, '');
  if (isPathToken(body)) return body;
  const remarked = /^[`"']?([^\s`"':]+)[`"']?(?::|\s+[-–—(|]|\s+\()/.exec(body)?.[1];
  return remarked !== undefined && /[/\\]/.test(remarked) && isPathToken(remarked) ? remarked : null;
}

/** First lines that must stay first; the comment may follow them. */
const mustStayFirst = /^(?:#!|<\?php\b|<\?xml\b|<!doctype\b)/i;

/** A path is at most 1,000 bytes; a longer line is minified code. */
const MAX_COMMENT_CHARACTERS = 1_200;

/** The path that the first line's comment names, or null. In Markdown a `#` is a heading and names nothing. */
export function firstLineComment(lines: readonly string[], language: string | null): FirstLineComment | null {
  let at = 0;
  while (at < lines.length && ((lines[at] ?? '').trim() === '' || (at < 2 && mustStayFirst.test(lines[at] ?? ''))))
    at += 1;
  const line = (lines[at] ?? '').trim();
  if (line.length > MAX_COMMENT_CHARACTERS) return null;
  for (const [style, shape] of styles) {
    const comment = shape.exec(line)?.[1];
    if (comment === undefined) continue;
    const isMarkdown = language === 'md' || language === 'markdown' || language === 'mdx';
    if (style === 'hash' && isMarkdown) return null;
    const path = pathOfComment(comment);
    if (path === null) return null;
    if (style === 'hash' && ['md', 'markdown', 'mdx'].includes(extensionOf(path)) && language === null) return null;
    return { path, linesToKeep: hasStyle(path, style) ? lines : [...lines.slice(0, at), ...lines.slice(at + 1)] };
  }
  return null;
}

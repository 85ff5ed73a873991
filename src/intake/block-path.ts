import { firstLineComment } from './first-line-comment.ts';
import { extensionOf, fileNameOf, isPathToken } from './path-token.ts';

/** What a fence's info string says. */
export interface InfoString {
  /** Lower case, or null. */
  language: string | null;
  path: string | null;
}

/** No path is named in a longer line; the bound keeps odd input from costing time. */
const MAX_LINE_CHARACTERS = 400;

const attribute =
  /(?:^|[\s{,])(?:title|filename|file|filepath|path|name)\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|([^\s"'{},]+))/i;
/** `12:40:src/app.ts` shows lines of a file that exists; it is not the file. */
const excerpt = /^\d+:\d+:/;

/** Reads `js`, `js src/a.js`, `js title="src/a.js"`, `src/a.js`, `js:src/a.js`, `js {filename=src/a.js}`. */
function readInfoString(info: string): InfoString {
  const named = attribute.exec(info);
  const quoted = named?.[1] ?? named?.[2];
  const attributePath = quoted ?? named?.[3];
  const first = /^[^\s{]*/.exec(info)?.[0] ?? '';
  const joined = /^([\w+#.-]+):(.+)$/.exec(first);
  const languageWord = (joined?.[1] ?? first).replace(/[^\w+#.-].*$/, '');
  const firstIsPath =
    joined === null && isPathToken(first) && !/^(?:dockerfile|makefile|procfile|gemfile)$/i.test(first);
  const language = firstIsPath || languageWord === '' || named?.index === 0 ? null : languageWord.toLowerCase();
  if (attributePath !== undefined && isPathToken(attributePath, { quoted: quoted !== undefined }))
    return { language, path: attributePath };
  if (firstIsPath) return { language, path: first };
  if (joined?.[2] !== undefined && isPathToken(joined[2])) return { language, path: joined[2] };
  const rest = info
    .slice(first.length)
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\/\/|<!--|-->|[`"'()]/g, ' ');
  const tokens = rest.split(/\s+/).filter((token) => isPathToken(token));
  return { language, path: tokens.length === 1 ? (tokens[0] ?? null) : null };
}

const shellLanguages = new Set(['sh', 'bash', 'zsh', 'shell', 'fish', 'ksh']);
const sessionLanguages = new Set([
  'console',
  'terminal',
  'shell-session',
  'shellsession',
  'sh-session',
  'powershell',
  'pwsh',
  'ps1',
  'cmd',
  'bat',
  'batch',
  'output',
  'log',
  'stdout',
]);
const shellExtensions = new Set(['sh', 'bash', 'zsh', 'fish', 'ksh', 'bats', 'env']);
const command =
  /^\s*(?:[$>%]\s|(?:sudo|npm|npx|pnpm|yarn|bun|deno|node|git|gh|cd|mkdir|rm|cp|mv|cat|ls|touch|echo|pip3?|python3?|uv|poetry|docker|docker-compose|kubectl|curl|wget|apt|apt-get|brew|make|cargo|go|rustup|chmod|source|ssh|terraform|helm)\s+\S|export\s+\w+=)/;

/** A block of commands to type, or what they printed: it shows work, it is no file. */
function isShellTalk(language: string | null, lines: readonly string[], path: string): boolean {
  if (language !== null && sessionLanguages.has(language)) return true;
  const filled = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  if (filled.some((line) => /^\s*\$\s/.test(line)) && (language === null || shellLanguages.has(language))) return true;
  const scripts = shellExtensions.has(extensionOf(path));
  if (language !== null && shellLanguages.has(language)) return !scripts && lines[0]?.startsWith('#!') !== true;
  if (language !== null && language !== 'text' && language !== 'txt' && language !== 'plaintext') return false;
  return !scripts && extensionOf(path) !== '' && filled.length > 0 && filled.every((line) => command.test(line));
}

/** Words that say the block shows something about the file, or part of it, and is not the file. */
const notTheFile =
  /\b(?:run|runs|running|ran|execute[sd]?|executing|outputs?|prints?|printed|gives|returns?|logs?|error|errors|fails?|failing|failed|bug|problem|issue|wrong|currently|before|old|instead|remove|delete|import(?:ed|s)? (?:it |this )?from|looks? like|see|line \d+|lines \d+|part of|snippet|excerpt|usage|use it|call|don['’]t|do not|never)\b/i;
const theFile =
  /\b(?:create|creates|add|adds|save|write|put|place|make|replace|update|updated|change|edit|rewrite|new|here(?:['’]s| is| are)|this is|file|contents?|full|complete|final|whole|version of|becomes?|goes in(?:to)?|in)\b/i;
const MAX_SENTENCE_WORDS = 25;
const MAX_BARE_WORDS = 8;

/** The one path that a line names; null for none and for several. */
function onlyPath(line: string): { path: string; before: string; after: string } | null {
  const found: { path: string; before: string; after: string }[] = [];
  for (const match of line.matchAll(/`([^`]+)`|"([^"]+)"|[^\s`"]+/g)) {
    const quoted = match[1] ?? match[2];
    const word = (quoted ?? match[0])
      .trim()
      .replace(/^[([<'“‘]+(?=[\w.@~])/, '')
      .replace(/[)\]>'”’]*[:;,!?]*$|[)\]>'”’]*\.$/, '');
    const token = quoted === undefined ? word : quoted.trim().replace(/:$/, '');
    for (const candidate of token === word ? [token] : [token, word]) {
      if (!isPathToken(candidate, { quoted: match[1] !== undefined })) continue;
      found.push({
        path: candidate,
        before: line.slice(0, match.index),
        after: line.slice(match.index + match[0].length),
      });
      break;
    }
  }
  const paths = new Set(found.map((one) => one.path));
  return paths.size === 1 ? (found[0] ?? null) : null;
}

/** `(new)`, `(updated)`, `:` and closing marks may follow a path that stands as a label. */
const labelTail =
  /^[\s*_`")\]]*:?[\s*_`]*(?:[([—–-]?\s*(?:new|updated|new file|modified|changed|created|complete|full|final)\b[^.]{0,40}[)\]]?)?[\s*_`]*[:.]?[\s*_`]*$/i;
const labelHead =
  /^[\s>*_`"([]*(?:\d+[.)]\s+|[-*+]\s+|#{1,6}\s+|step\s+\d+\s*[:.)—–-]\s*)*[\s*_`"(\p{Extended_Pictographic}\ufe0f]*(?:(?:new |updated )?(?:file|filename|file name|path|file path|filepath|in|for)\s*:?[\s*_`"]*)?$/iu;

/** The path that the line directly before a fence gives it, or null. Talk about a file is not a name for the block. */
function pathInLineBefore(written: string): string | null {
  const line = written.replaceAll('**', '');
  const found = line.length > MAX_LINE_CHARACTERS ? null : onlyPath(line);
  if (found === null) return null;
  if (labelHead.test(found.before) && labelTail.test(found.after)) return found.path;
  const around = `${found.before} ${found.after}`;
  const words = around.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
  const introduces = /:[\s*_`]*$/.test(line);
  if (words > MAX_SENTENCE_WORDS || notTheFile.test(around)) return null;
  if (theFile.test(around) && (introduces || labelTail.test(found.after))) return found.path;
  return introduces && labelTail.test(found.after) && words <= MAX_BARE_WORDS ? found.path : null;
}

/** "Here's the complete file:" says nothing of which file; the heading above it does. */
const announcesTheFile =
  /^[\s*_>]*(?:(?:ok(?:ay)?|sure|right|and|so|now|of course|certainly)[,.! ]+)*(?:here(?:['’]s| is| are)|below is|this is|find)?\s*(?:the |your |its |my |an? )?(?:(?:complete|full|whole|entire|updated|final|fixed|corrected|new|revised|finished)[ ,]*(?:and )?)*(?:files?|code|version|contents?|implementation|source(?: code)?|listing)(?: (?:in full|now|again|below))?\s*[:.]?[\s*_]*$/i;

/** The path of a line that is nothing but a label for what follows it. */
function pathInLabel(line: string): string | null {
  const found = line.length > MAX_LINE_CHARACTERS ? null : onlyPath(line.replaceAll('**', ''));
  return found !== null && labelHead.test(found.before) && labelTail.test(found.after) ? found.path : null;
}

/** The path that the lines before a fence give it: `[the line directly before, the one before that]`. */
function pathBefore([line, above]: readonly string[]): string | null {
  if (line === undefined) return null;
  const path = pathInLineBefore(line);
  if (path !== null || above === undefined) return path;
  return line.length <= MAX_LINE_CHARACTERS && announcesTheFile.test(line) ? pathInLabel(above) : null;
}

export interface NamedBlock {
  language: string | null;
  path: string | null;
  /** The content's lines, without a first line that only named the file and would be no comment in it. */
  lines: readonly string[];
}

/** Which file a fenced block is for: by its info string, else its first line, else the lines before it, nearest first. */
export function nameBlock(info: string, lines: readonly string[], linesBefore: readonly string[]): NamedBlock {
  if (info.length > MAX_LINE_CHARACTERS || excerpt.test(info)) return { language: null, path: null, lines };
  const { language, path } = readInfoString(info);
  const comment = firstLineComment(lines, language);
  if (path !== null) {
    const repeats = comment !== null && fileNameOf(comment.path) === fileNameOf(path);
    return { language, path, lines: repeats ? comment.linesToKeep : lines };
  }
  if (comment !== null && !isShellTalk(language, comment.linesToKeep, comment.path)) {
    return { language, path: comment.path, lines: comment.linesToKeep };
  }
  const before = pathBefore(linesBefore);
  return { language, path: before !== null && !isShellTalk(language, lines, before) ? before : null, lines };
}

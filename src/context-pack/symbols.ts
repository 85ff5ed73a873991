/** A line that defines something: a function, a class, a type, a heading. */
export interface Definition {
  name: string;
  /** 1-based. */
  line: number;
  /** The line as it stands, trimmed. */
  text: string;
}

const MODIFIERS =
  '(?:(?:export|default|declare|async|public|private|protected|internal|static|final|abstract|override|readonly|pub(?:\\([^)\\n]*\\))?|unsafe|extern|inline|open|data|sealed)[ \\t]+)*';
const KEYWORDS =
  'function\\*?|class|interface|type|enum|namespace|module|struct|trait|impl|def|fn|func|fun|object|record|protocol|extension|macro_rules!|const|let|var|val';
const CODE = new RegExp(
  `^([ \\t]*)${MODIFIERS}(${KEYWORDS})[ \\t]+(?:\\([^)\\n]*\\)[ \\t]*)?([A-Za-z_$][\\w$]*)[^\\n]*`,
  'gm',
);
const HEADING = /^(#{1,4})[ \t]+([^\n]+)/gm;
const VARIABLES = new Set(['const', 'let', 'var', 'val']);
const MAX_LINE_CHARACTERS = 120;

/** What a text defines, in order. Variables count only where they stand at the left margin. */
export function definitionsIn(path: string, text: string): Definition[] {
  const isProse = /\.(md|mdx|rst|adoc|txt)$/i.test(path);
  const found: Definition[] = [];
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(isProse ? HEADING : CODE)) {
    const [whole, indent = '', keyword = '', name = ''] = match;
    if (!isProse && indent !== '' && VARIABLES.has(keyword)) continue;
    for (let at = text.indexOf('\n', counted); at >= 0 && at < match.index; at = text.indexOf('\n', at + 1)) line += 1;
    counted = match.index;
    const shown = whole.trim().slice(0, MAX_LINE_CHARACTERS);
    found.push({ name: isProse ? keyword.trim() : name, line, text: shown });
  }
  return found;
}

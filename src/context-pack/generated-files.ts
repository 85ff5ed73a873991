/** Lock files and what tools write: long, and never what a person would open to do a task. */
const GENERATED_PATHS = [
  /(^|\/)(package-lock|npm-shrinkwrap|composer\.lock|deno\.lock|bun\.lock)(\.json|b)?$/,
  /(^|\/)(yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Gemfile\.lock|go\.sum|flake\.lock)$/,
  /(^|\/)(node_modules|bower_components|vendor|third_party|__pycache__|\.yarn|\.next|site-packages)\//,
  /\.min\.(js|css|mjs)$/,
  /\.(map|snap|pb\.go|g\.dart|designer\.cs)$/i,
  /_pb2(_grpc)?\.pyi?$/,
  /\.(svg|csv|tsv|ipynb|lock|po|pot|xliff|pem|crt|key)$/i,
];

/** How much of a file is looked at for a tool's own words about it. */
const HEAD_CHARACTERS = 600;
/** People break lines; what has this many characters a line on average was packed by a tool. */
const PACKED_LINE_CHARACTERS = 500;

export function isGeneratedPath(path: string): boolean {
  return GENERATED_PATHS.some((pattern) => pattern.test(path));
}

/** True when the text says that a tool wrote it, or has lines that only tools write. */
export function isGenerated(text: string): boolean {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (/^\W*(@generated\b|(code )?(auto-?)?generated (by|from|with)\b.{0,80}\bdo not (edit|modify))/im.test(head))
    return true;
  if (text.length < 10 * PACKED_LINE_CHARACTERS) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return text.length / lines > PACKED_LINE_CHARACTERS;
}

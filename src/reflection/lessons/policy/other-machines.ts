import { patterns, verbs } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const LOAD = verbs(
  'fetch, download, post, send, upload, forward, report, curl, wget, clon, install, connect, visit, open, load, call, pull, run, exfiltrat, import, follow',
);
const LOCAL = String.raw`(?!(?:localhost|127\.|0\.0\.0\.0|\[::1\]|(?:[\w-]+\.)+localhost\b))`;
/** Endings of files, which look like those of hosts. */
const FILES =
  'tsx?|jsx?|mjs|cjs|json|md|py|go|rs|ya?ml|toml|css|html?|txt|lock|sql|sh|java|rb|php|cs|xml|csv|env|feature|snap|map|log|ini|cfg|conf|test|spec|svg|png';
const HOST =
  String.raw`(?:(?:https?|ftp|wss?|ssh|git):\/\/${LOCAL}\S|\b(?!127\.|0\.0\.)(?:\d{1,3}\.){3}\d{1,3}\b|` +
  String.raw`\b(?:[\w-]+\.)+(?:com|net|org|io|dev|app|xyz|ru|cn|info|biz|top|site|online|cloud)\b(?!\()|` +
  String.raw`(?<![\w/.])(?:[a-z0-9-]+\.){2,}(?!(?:${FILES})\b)[a-z]{3,}\b(?![(/.\w]))`;
/** Words that may follow `npm install` where it installs what the lock file names. */
const NO_PACKAGE = String.raw`in|on|before|after|when|if|and|or|for|again|with|takes|is|at|to|first|once|the`;

export const otherMachines: Wish = {
  sentence: 'It reaches for other machines, or loads something from them.',
  asked: patterns(
    String.raw`${LOAD}\b.*${HOST}`,
    String.raw`\b(?:pipe|pipes|piped|feed)\b.*\b(?:into|to) (?:ba|z|da)?(?:sh|shell|node|python)\b|\| ?(?:ba|z|da)?sh\b|\beval ?\(|\bbase64 (?:-d|--decode)`,
    String.raw`\b(?:npm|pnpm|yarn|bun|pip3?|gem|cargo|apt|apt get|brew|go|composer|uv) (?:i|install|add|get|require) (?!(?:${NO_PACKAGE})\b)[@\w]`,
    String.raw`${verbs('us, open, allow, enabl')} (?:the |all )?(?:network|internet)\b`,
  ),
};

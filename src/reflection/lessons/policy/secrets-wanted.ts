import { GAP, NEAR, patterns, verbs } from './wish-words.ts';
import type { Wish } from './wish-words.ts';

const TELL = verbs(
  'print, log, show, reveal, send, post, upload, commit, echo, past, shar, leak, dump, expos, read, copy, mail, includ, output, put, writ, exfiltrat, collect, display, publish, forward, append, embed, attach, mention, quot, tell',
);
/** What every web form sends along, or what a parser calls so. */
const HARMLESS = '(?<!(?:csrf|xsrf|parser|lexer|syntax|design|page|search) )';
const SECRETS = String.raw`(?:secrets?|credentials?|api ?keys?|tokens?|passwords?|passphrases?|environment variables?|env vars?|process\.env|\.env(?![.\w])|private keys?|ssh keys?|system prompts?|connection strings?|session cookies?)`;
/** Said of a secret without giving it away: `show the password field`. */
const ABOUT =
  'fields?|forms?|inputs?|strength|resets?|rules?|polic|length|hint|counts?|pages?|managers?|hash|limits?|types?|positions?|streams?|names?|(?:of|from) the (?:parser|lexer)';

export const secretsWanted: Wish = {
  sentence: 'It is after secrets.',
  asked: patterns(
    String.raw`${TELL}(?:${GAP}| )${HARMLESS}${SECRETS}(?!\w)(?! (?:${ABOUT}))`,
    String.raw`${TELL}${NEAR}\w+_(?:url|dsn|key|token|secret|password|pass)\b`,
    // Files that hold nothing else.
    String.raw`${TELL}.*(?:\.ssh\b|\bid_(?:rsa|ed25519|ecdsa)\b|\.npmrc\b|\.netrc\b|\.aws\b|\.kube\b|\.pem\b|\/etc\/(?:passwd|shadow))`,
  ),
};

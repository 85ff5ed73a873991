import { cleanText } from './clean-text.ts';
import { decodeEntities } from './entities.ts';
import { hideComments } from './html-comments.ts';
import { plainHtml } from './outbound-html.ts';
import { plainAddresses, plainBrackets, plainDefinitions, plainSchemes } from './outbound-links.ts';
import { plainCalls, plainEverybody, plainNames } from './outbound-mentions.ts';
import { redactKnown } from './redact-known.ts';
import { redactSecrets } from './redact-secrets.ts';
import { shieldCode } from './shield-code.ts';

export interface OutboundOptions {
  /** Hosts that links may lead to, as `host` or `host:port`. None by default. */
  allowedHosts?: readonly string[];
  /** Secrets that are known by their value, found in whatever form they are written. */
  known?: readonly string[];
  /** Where `@name` calls a person: on forges it does, in chat only the words for everybody do. */
  goesTo?: 'chat' | 'forge';
}

interface Going {
  allowedHosts: readonly string[];
  goesTo: 'chat' | 'forge';
  /** Takes a piece that is settled out of the reach of later rules. */
  keep: (piece: string) => string;
}

export interface OutboundRule {
  name: string;
  apply: (text: string, going: Going) => string;
}

/** In this order: entities first, for they hide what the others look for; addresses last, whatever was around them. */
export const outboundRules: readonly OutboundRule[] = [
  { name: 'entities', apply: decodeEntities },
  { name: 'calls', apply: plainCalls },
  { name: 'html', apply: (text, { allowedHosts }) => plainHtml(text, allowedHosts) },
  { name: 'brackets', apply: (text, { allowedHosts }) => plainBrackets(text, allowedHosts) },
  { name: 'definitions', apply: (text, { allowedHosts }) => plainDefinitions(text, allowedHosts) },
  { name: 'schemes', apply: plainSchemes },
  { name: 'addresses', apply: (text, { allowedHosts, keep }) => plainAddresses(text, allowedHosts, keep) },
  { name: 'everybody', apply: plainEverybody },
  { name: 'names', apply: (text, { goesTo }) => (goesTo === 'forge' ? plainNames(text) : text) },
];

/**
 * Prose that leaves for chat, pull requests and commits. Secrets are redacted, images become their words, links to
 * hosts that are not allowed become text that nothing makes clickable, and nobody is called. In fenced code and code
 * spans only secrets are redacted. Idempotent.
 */
export function cleanOutbound(
  text: string,
  { allowedHosts = [], known = [], goesTo = 'chat' }: OutboundOptions = {},
  rules: readonly OutboundRule[] = outboundRules,
): string {
  const { text: prose, restore, shield } = shieldCode(hideComments(cleanOutboundCode(text, known)));
  const going = { allowedHosts, goesTo, keep: shield };
  const plain = restore(rules.reduce((rest, rule) => rule.apply(rest, going), prose));
  // What was written in entities, or stood apart in a link, is only now one word.
  return cleanOutboundCode(plain, known);
}

/** Code that leaves: hidden characters stripped and secrets redacted, all else as it is. */
export function cleanOutboundCode(text: string, known: readonly string[] = []): string {
  return redactSecrets(redactKnown(cleanText(text), known));
}

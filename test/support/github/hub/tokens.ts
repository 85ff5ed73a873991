import { randomBytes } from 'node:crypto';
import type { Hub } from './hub.ts';
import type { Token } from './types.ts';

/** How each kind begins, so that a leaked one is told by its looks. */
const PREFIXES = { personal: 'github_pat_', user: 'ghu_', installation: 'ghs_' } as const;

export function makeToken(hub: Hub, token: Omit<Token, 'value' | 'isRevoked'>): Token {
  const made: Token = { ...token, value: PREFIXES[token.kind] + randomBytes(18).toString('hex'), isRevoked: false };
  hub.tokens.set(made.value, made);
  return made;
}

import { describe, expect, it } from 'vitest';
import { disarmMarkers } from '#src/safety/markers.ts';
import { plainBrackets } from '#src/safety/outbound-links.ts';
import { cleanOutbound, outboundRules } from '#src/safety/outbound.ts';
import { redactSecrets, secretRules } from '#src/safety/redact-secrets.ts';
import { secretForms } from '#src/safety/secret-patterns.ts';
import { images, links, markers, mentions, secrets } from './corpus.ts';

/**
 * What must hold over the corpus, as one question for each rule, so that a rule can be taken out and the question asked
 * again: the corpus has to notice.
 */
const outgoing = (rules: typeof outboundRules): boolean => {
  const forge = (text: string) => cleanOutbound(text, { goesTo: 'forge' }, rules);
  const prose = (text: string) => forge(text).replaceAll(/^```[\s\S]*?^```/gm, '');
  return (
    [...images, ...links].every(
      (text) => !/!\[|\]\(|\]:|<img|<a\b|<source|(?:https?|javascript|data)\\?:\S|www\./i.test(prose(text)),
    ) &&
    mentions.every((text) => !/@(?:channel|here|everyone)|<[!@]/i.test(forge(text))) &&
    forge('Thanks @ada') === 'Thanks `@ada`'
  );
};

describe('a rule that is taken out is missed by the corpus (C32)', () => {
  it('and nothing is missed while all are there', () => {
    expect(outgoing(outboundRules)).toBe(true);
    expect(secrets.every((secret) => redactSecrets(secret) !== secret)).toBe(true);
    expect(markers.every((marker) => disarmMarkers(marker.replaceAll('\u200b', '')) !== marker)).toBe(true);
  });

  it.each(outboundRules.map(({ name }) => name))('%s', (name) => {
    expect(outgoing(outboundRules.filter((rule) => rule.name !== name))).toBe(false);
  });

  it.each([
    ['images', { images: false, links: true }],
    ['links', { images: true, links: false }],
  ])('%s in brackets', (_name, kinds) => {
    const weaker = { name: 'brackets', apply: (text: string) => plainBrackets(text, [], kinds) };
    expect(outgoing(outboundRules.map((rule) => (rule.name === 'brackets' ? weaker : rule)))).toBe(false);
  });

  it.each(['issued', 'general'] as const)('%s forms of secrets', (kind) => {
    const weaker = { ...secretRules, [kind]: [] };
    expect(secrets.every((secret) => redactSecrets(secret, weaker) !== secret)).toBe(false);
  });

  it.each(['GitHub token', 'Slack token', 'Anthropic key', 'AWS access key id', 'private key'])('%s', (name) => {
    const weaker = { issued: secretForms.filter((form) => form.name !== name), general: [] };
    const missed = (rules: typeof weaker) => secrets.filter((secret) => redactSecrets(secret, rules) === secret).length;
    expect(missed(weaker)).toBeGreaterThan(missed({ issued: [...secretForms], general: [] }));
  });

  it('marks of turns', () => {
    expect(markers.every((marker) => disarmMarkers(marker, []) !== marker)).toBe(false);
  });
});

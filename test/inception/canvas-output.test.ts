import { describe, expect, it } from 'vitest';
import { renderCanvasMarkdown } from '#src/inception/canvas-markdown.ts';
import { toCanvasJson } from '#src/inception/canvas-output.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import { said } from './fixtures/said.ts';

const canvas = extractCanvas(
  said(
    'Ana: As a baker, I want to print the baking list. This is a must-have.',
    'Ana: As a customer, I want to collect loyalty points.',
    "Ben: Let's drop the loyalty points.",
    'Ana: We could show pictures of the bread.',
  ),
);

describe('toCanvasJson', () => {
  it('has exactly the published fields', () => {
    const json = toCanvasJson(canvas);
    expect(Object.keys(json)).toEqual([
      'conversationId',
      'vision',
      'isIsNotDoesDoesNot',
      'goals',
      'personas',
      'features',
      'constraints',
      'openQuestions',
    ]);
    expect(Object.keys(json.features[0] ?? {})).toEqual([
      'text',
      'persona',
      'priority',
      'basis',
      'status',
      'inMvp',
      'evidence',
    ]);
    expect(Object.keys(json.personas[0] ?? {})).toEqual(['name', 'needs', 'evidence']);
    expect(Object.keys(json.vision.problem)).toEqual(['value', 'basis', 'evidence']);
  });

  it('lists what was removed with its status, and no maybe', () => {
    expect(canvas.features.map((feature) => feature.maybe)).toEqual([false, false, true]);
    expect(toCanvasJson(canvas).features.map((feature) => feature.status)).toEqual(['active', 'removed']);
  });
});

describe('renderCanvasMarkdown', () => {
  it('keeps what is active, taken out and maybe apart', () => {
    const text = renderCanvasMarkdown(canvas);
    expect(text).toContain('## Features\n\n- Print the baking list *(must, Baker)* [message 0]\n');
    expect(text).toContain('## Taken out\n\n- Collect loyalty points *(Customer)* [messages 1, 2]\n');
    expect(text).toContain('## Maybe\n\n- Show pictures of the bread [message 3]\n');
    expect(text).toContain('## Open questions');
    expect(text).not.toContain('## Goals');
  });

  it('shows what people wrote as text, never as markup', () => {
    const text = renderCanvasMarkdown({
      ...canvas,
      goals: [{ text: '# <b>x</b> [a](http://b) ![c](d)\n## e', evidence: [] }],
    });
    expect(text).toContain('- \\# \\<b\\>x\\</b\\> \\[a\\](http://b) \\!\\[c\\](d) \\#\\# e');
  });
});

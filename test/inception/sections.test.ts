import { describe, expect, it } from 'vitest';
import { extractCanvas } from '#src/inception/extract.ts';
import { readSections } from '#src/inception/sections.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { mapStories } from '#src/writers-room/keep-stories.ts';

const ISSUE = `Add a slugify function

## Intent
Editors need readable addresses.

## Acceptance criteria
- [ ] \`slugify("Hello World")\` returns \`"hello-world"\`
- [x] Leading and trailing dashes are removed
- [ ] Empty titles give "untitled"

## Constraints
* No new dependencies
* Works in Node 20,
  and later

### Context paths ###
- src/titles.ts`;

const conversation = (text: string, role: 'person' | 'assistant' = 'person'): Conversation => ({
  id: 'issue',
  title: 'Add a slugify function',
  source: 'github',
  skipped: [],
  messages: [{ position: 0, speaker: 'ana', role, at: null, text, originId: null }],
});

describe('an issue with headings', () => {
  it('is one request; what it lists is stated, with its evidence', () => {
    const talk = conversation(ISSUE);
    const canvas = extractCanvas(talk);
    expect(canvas.features).toMatchObject([
      { text: 'Add a slugify function', status: 'active', basis: 'stated', maybe: false, evidence: [0] },
    ]);
    expect(canvas.constraints).toEqual([
      { text: 'No new dependencies', evidence: [0] },
      { text: 'Works in Node 20, and later', evidence: [0] },
    ]);
    const { stories } = mapStories(talk, canvas);
    expect(
      stories.map(({ title, criteria }) => [title, criteria.map(({ text, evidence }) => [text, evidence])]),
    ).toEqual([
      [
        'Add a slugify function',
        [
          ['`slugify("Hello World")` returns `"hello-world"`', [0]],
          ['Leading and trailing dashes are removed', [0]],
          ['Empty titles give "untitled"', [0]],
        ],
      ],
    ]);
  });

  it('takes nothing from headings that only begin alike, nor from an assistant', () => {
    const other = '## Constraints we had\n- No new dependencies\n\nConstraints: none';
    expect(readSections(other)).toEqual({ criteria: [], constraints: [], paths: [], rest: other });
    expect(extractCanvas(conversation(ISSUE, 'assistant')).constraints).toEqual([]);
  });

  it('leaves what stands under no such heading as it is', () => {
    expect(readSections(ISSUE)).toMatchObject({
      paths: ['src/titles.ts'],
      rest: 'Add a slugify function\n\n## Intent\nEditors need readable addresses.',
    });
  });
});

it('a constraint that begins with "no" keeps it', () => {
  const { constraints } = extractCanvas(conversation('No new dependencies, it must run in Node 20 without a build.'));
  expect(constraints.map(({ text }) => text)).toEqual(['No new dependencies, it must run in Node 20 without a build']);
});

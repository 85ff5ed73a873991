import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { checkFeature, compileFeature } from '#src/writers-room/gherkin.ts';

const criterion = {
  id: 'c1',
  text: 'Empty titles become untitled',
  given: ['a post'],
  when: ['the title is empty'],
  then: ['the slug is `untitled`'],
};

describe('compileFeature', () => {
  it('writes one scenario a criterion', () => {
    const document = compileFeature({
      title: 'Slugs',
      narrative: 'As an editor, I want slugs.',
      criteria: [criterion, { ...criterion, id: 'c2', text: 'Other' }],
    });
    expect(checkFeature(document)).toEqual(['c1 Empty titles become untitled', 'c2 Other']);
    expect(document).toContain('    Given a post\n    When the title is empty\n    Then the slug is `untitled`\n');
  });

  it('leaves out steps that nobody said', () => {
    expect(
      compileFeature({ title: 'Slugs', narrative: '', criteria: [{ ...criterion, given: [], when: [] }] }),
    ).not.toMatch(/Given|When/);
  });

  it.each([
    ['a keyword', 'Scenario: not mine'],
    ['a tag', '@wip'],
    ['a comment', '# language: fr'],
    ['a table', '| a | b |'],
    ['a doc string', '"""'],
    ['line breaks', 'one\n\n  Scenario: two\n    Given three'],
    ['a placeholder', 'the <name> is shown'],
    ['hidden and control characters', 'a\u0000b\u2028c\u200bd'],
  ])('holds %s in any place without changing shape', (_kind, text) => {
    const document = compileFeature({
      title: text,
      narrative: text,
      criteria: [{ id: 'c1', text, given: [text], when: [text], then: [text] }],
    });
    expect(checkFeature(document)).toHaveLength(1);
  });

  it('holds any sentence', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
        const parts = {
          title: text,
          narrative: text,
          criteria: [{ id: 'c1', text, given: [text], when: [text], then: [`it is ${text}`] }],
        };
        expect(checkFeature(compileFeature(parts))).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a criterion without an outcome', () => {
    expect(() => compileFeature({ title: 'Slugs', narrative: '', criteria: [{ ...criterion, then: [] }] })).toThrow(
      /no Then/,
    );
  });
});

describe('checkFeature', () => {
  it('refuses what the parser lets through', () => {
    expect(() => checkFeature('Feature: Slugs\n  Scenaro: misspelt\n')).toThrow(/no scenario/);
    expect(() => checkFeature('Feature: Slugs\n  Scenario: empty\n')).toThrow(/no scenario|no steps/);
    expect(() => checkFeature('Feature: Slugs\n  Scenario: turned\n    Then a\n    Given b\n')).toThrow(/order/);
    expect(() => checkFeature('Feature: Slugs\n  Scenario: starred\n    * a\n    Then b\n')).toThrow(/neither/);
    expect(() => checkFeature('nonsense')).toThrow(/not valid Gherkin/);
  });
});

import { describe, expect, it } from 'vitest';
import { extractCanvas } from '#src/inception/extract.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { mapStories } from '#src/writers-room/keep-stories.ts';
import * as chats from './fixtures/chats.ts';

/** Stories in the order of their waves: title, `position path` of each edit (tests marked), which of them they wait for. */
function stories(conversation: Conversation) {
  const map = mapStories(conversation, extractCanvas(conversation));
  return map.stories.map(({ title, changeSet, dependsOn, criteria, evidence, leftOut }) => ({
    title,
    code: changeSet?.edits.map((edit) => `${edit.position} ${edit.path}${edit.isTest ? ' (test)' : ''}`) ?? null,
    waitsFor: dependsOn.map((key) => map.stories.find((story) => story.key === key)?.title),
    criteria: criteria.map((criterion) => criterion.text),
    evidence,
    leftOut,
  }));
}

describe('conversations with a chat assistant become the stories that a reader would expect', () => {
  it('Python files named by their first line, the second importing the first', () => {
    expect(stories(chats.pythonComments)).toMatchObject([
      {
        title: 'Write net_total(lines)',
        code: ['1 billing/totals.py'],
        criteria: ['It should skip lines with a quantity of zero, e.g. net_total([]) returns 0'],
      },
      {
        title: 'Create a command line script',
        code: ['3 billing/cli.py'],
        waitsFor: ['Write net_total(lines)'],
        criteria: ['It prints the total of a JSON file'],
      },
    ]);
  });

  it('a React component with a titled fence; the usage example is no file, the test joins it', () => {
    expect(stories(chats.reactComponent)).toMatchObject([
      {
        title: 'Add a React component StarRating with a value prop',
        code: ['1 src/components/StarRating.tsx', '3 src/components/StarRating.test.tsx (test)'],
        criteria: ['It shows five stars', 'If value is above 5 it should show five'],
        evidence: [0, 2],
      },
    ]);
  });

  it('a Go package with its test, and a command that imports it', () => {
    expect(stories(chats.goPackages)).toMatchObject([
      { title: 'Write ToRoman(n int) string', code: ['1 roman/roman.go', '1 roman/roman_test.go (test)'] },
      {
        title: 'Create a command that reads a number and prints',
        code: ['3 cmd/roman/main.go'],
        waitsFor: ['Write ToRoman(n int) string'],
        criteria: ['It reads a number and prints it'],
      },
    ]);
  });

  it('commands and their output between the files are no files', () => {
    expect(stories(chats.commandsBetween)).toMatchObject([
      {
        title: 'Create a small Express server with a GET /health endpoint',
        code: ['1 server.js'],
        criteria: ['GET /health should return 200'],
      },
    ]);
  });

  it('a file given twice with a fix between counts once, as fixed', () => {
    expect(stories(chats.fixedBetween)).toMatchObject([
      {
        title: 'Write chunk(list, size)',
        code: ['3 src/chunk.js'],
        criteria: ['No longer: That only gives the first chunk', 'chunk([1, 2, 3], 2) should return [[1, 2], [3]]'],
        evidence: [0, 2, 4],
      },
    ]);
  });

  it('"Here\'s the complete file:" under a heading with the path takes the place of the snippet', () => {
    expect(stories(chats.completeFile)).toMatchObject([
      { title: 'Add a cookie banner to our site', code: ['3 src/banner.js'], leftOut: [] },
    ]);
  });

  it('a scaffold of several files is one story, and its tree is no file', () => {
    expect(stories(chats.scaffold)).toMatchObject([
      {
        title: 'Scaffold a tiny todo API in TypeScript with tests',
        code: ['1 package.json', '1 src/store.ts', '1 src/main.ts', '1 test/store.test.ts (test)'],
        criteria: ['Adding a todo with an empty title must be refused', 'refuses an empty title'],
      },
    ]);
  });

  it('"now add tests" belongs to the code that it tests', () => {
    expect(stories(chats.testsLater)).toMatchObject([
      {
        title: 'Write median(numbers)',
        code: ['1 lib/median.mjs', '3 lib/median.test.mjs (test)'],
        criteria: ['An empty list gives null'],
      },
    ]);
  });

  it('a pasted stack trace asks for a fix of the same story', () => {
    expect(stories(chats.stackTrace)).toMatchObject([
      {
        title: 'Write parseRow(line) that splits a line at its commas',
        code: ['3 src/csv.js'],
        criteria: [
          'It splits a line at its commas',
          'It trims each cell',
          "No longer when a line is missing: TypeError: Cannot read properties of undefined (reading 'split')",
        ],
        evidence: [0, 2, 4],
      },
    ]);
  });

  it('a diff that answers a complaint applies on top of the file', () => {
    expect(stories(chats.diffAnswer)).toMatchObject([
      {
        title: 'Write greet(name)',
        code: ['1 greet.py', '3 greet.py'],
        criteria: ['It should greet the world when name is empty', 'greet("") gives "Hello, world", not "Hello, "'],
      },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { extractCanvas } from '#src/inception/extract.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { partialFileReason } from '#src/writers-room/partial-file.ts';
import { writeStories } from '#src/writers-room/write-stories.ts';
import { diff, file, talk } from './fixtures/talk.ts';

function find(...lines: Parameters<typeof talk>) {
  const { conversation, blocks } = talk(...lines);
  return findChangeSets(conversation, blocks);
}

function write(...lines: Parameters<typeof talk>) {
  const { conversation, blocks } = talk(...lines);
  const { changeSets, emptied } = findChangeSets(conversation, blocks);
  return writeStories(conversation, extractCanvas(conversation), changeSets, emptied).stories;
}

const whole = file('src/slug.js', 'export const slugify = (t) => t;\nexport const other = 1;\n');
const part = file('src/slug.js', 'export const slugify = (t) => t.trim();\n// ... rest unchanged\n');
const test = file('test/slug.test.js', "import test from 'node:test';\ntest('trims', () => {});");

describe('a block that shows only a part of its file', () => {
  it('never takes the place of the last whole version that people accepted', () => {
    const { changeSets, leftOut } = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', whole],
      ['You', 'Great. Can you also trim the title?'],
      ['Bot', 'Sure:', part],
      ['You', 'Perfect, thanks.'],
    );
    expect(changeSets.map((set) => set.edits.map((edit) => edit.position))).toEqual([[1]]);
    expect(changeSets[0]).toMatchObject({ acceptance: 'accepted', acceptedBy: 2 });
    expect(leftOut).toEqual([{ path: 'src/slug.js', position: 3, reason: partialFileReason }]);
    expect(changeSets[0]?.leftOut).toEqual(leftOut);
  });

  it('is not worth a word once the whole file followed', () => {
    const { changeSets, leftOut } = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', part],
      ['You', 'Please give me the whole file.'],
      ['Bot', 'Sure:', whole],
    );
    expect(changeSets.map((set) => set.edits.map((edit) => edit.position))).toEqual([[3]]);
    expect(leftOut).toEqual([]);
  });

  it('is still told of when people turned it down', () => {
    const { changeSets } = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', part],
      ['You', 'No, not like this. Rewrite it.'],
      ['Bot', 'Sure:', whole],
    );
    expect(changeSets[0]?.leftOut).toEqual([{ path: 'src/slug.js', position: 1, reason: 'Turned down in message 2.' }]);
  });

  it('is not what a later diff stands on', () => {
    const change =
      '--- a/src/slug.js\n+++ b/src/slug.js\n@@ -1 +1 @@\n-export const slugify = (t) => t.trim();\n+export const slugify = 2;\n';
    const [set] = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', whole],
      ['You', 'Great. Can you also trim the title?'],
      ['Bot', 'Sure:', part],
      ['You', 'That does not work.'],
      ['Bot', 'Then so:', diff('src/slug.js', change)],
    ).changeSets;
    expect(set?.edits.map((edit) => edit.position)).toEqual([1, 5]);
  });

  it('leaves the other files of its answer in the change set', () => {
    const [set] = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', part, file('src/words.js', 'export const words = 1;')],
    ).changeSets;
    expect(set?.edits.map((edit) => edit.path)).toEqual(['src/words.js']);
    expect(set?.leftOut.map((left) => left.path)).toEqual(['src/slug.js']);
  });

  it('takes its tests with it: alone they would only fail', () => {
    const { changeSets, emptied } = find(['You', 'Write a function slugify(title).'], ['Bot', 'Here:', part, test]);
    expect(changeSets).toEqual([]);
    expect(emptied).toEqual([
      {
        requestPosition: 0,
        wanted: true,
        leftOut: [
          { path: 'src/slug.js', position: 1, reason: partialFileReason },
          { path: 'test/slug.test.js', position: 1, reason: 'It tests code of which only a part is shown.' },
        ],
      },
    ]);
  });

  it('does not stop a diff, which is a part by its nature', () => {
    const change =
      '--- a/src/slug.js\n+++ b/src/slug.js\n@@ -1 +1,3 @@\n export const slugify = 1;\n // ... rest unchanged\n+export const more = 1;\n';
    const { changeSets } = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', diff('src/slug.js', change)],
    );
    expect(changeSets[0]?.edits).toHaveLength(1);
  });
});

describe('a story whose code cannot be used', () => {
  it('stays without a change set and says why', () => {
    const stories = write(
      ['You', 'Write a function slugify(title). An empty title must become "untitled".'],
      ['Bot', 'Here:', part],
      ['You', 'Great, thanks.'],
    );
    expect(stories).toHaveLength(1);
    expect(stories[0]).toMatchObject({
      title: 'Write slugify(title)',
      changeSet: null,
      leftOut: [{ path: 'src/slug.js', position: 1, reason: partialFileReason }],
    });
    expect(stories[0]?.criteria.map((criterion) => criterion.text)).toEqual(['An empty title must become "untitled"']);
  });

  it('says that its path is not taken', () => {
    const [story, ...others] = write(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('../outside/slug.js', 'x')],
    );
    expect(others).toEqual([]);
    expect(story).toMatchObject({ changeSet: null, leftOut: [{ path: '../outside/slug.js', position: 1 }] });
  });

  it('is not written for what people turned down by name', () => {
    expect(
      write(
        ['You', 'Write a function slugify(title).'],
        ['Bot', 'Here:', part],
        ['You', "Let's drop slugify, we don't need it."],
      ).filter((story) => story.leftOut.length > 0),
    ).toEqual([]);
  });

  it('is not written for what was only asked about and then turned down', () => {
    const lines: Parameters<typeof talk> = [
      ['You', 'How do I make a slug?'],
      ['Bot', 'Here:', whole],
    ];
    expect(write(...lines)).toHaveLength(1);
    expect(write(...lines, ['You', 'No, revert that.'])).toEqual([]);
  });

  it('is written for what was only asked about when its path is all that is wrong', () => {
    expect(write(['You', 'How do I make a slug?'], ['Bot', 'Here:', file('../slug.js', 'x')])).toHaveLength(1);
  });

  it('repeats what its change set left out, and else has nothing left out', () => {
    const [story] = write(['You', 'Write a function slugify(title).'], ['Bot', 'Here:', whole]);
    expect(story?.leftOut).toEqual([]);
    const [mixed] = write(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', part, file('src/words.js', 'export const words = 1;')],
    );
    expect(mixed?.leftOut).toEqual(mixed?.changeSet?.leftOut);
    expect(mixed?.leftOut).toHaveLength(1);
  });
});

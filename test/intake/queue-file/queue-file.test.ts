import { describe, expect, it } from 'vitest';
import { editQueue } from '#src/intake/queue-file/edit-queue.ts';
import { readJson, valueOf } from '#src/intake/queue-file/json-nodes.ts';
import { readQueue } from '#src/intake/queue-file/read-queue.ts';

const BEGINNER = `[
  {
    "id": "task-001",
    "title": "Add a watchlist page",
    "status": "pending",
    "files": ["src/README.md"],
    "acceptanceCriteria": [
      "The change is described clearly.",
      "The review step runs tests."
    ]
  }
]
`;

describe('a queue of work in a file', () => {
  it('is read in the shape that beginners keep it in', () => {
    expect(readQueue(BEGINNER)).toEqual({
      problems: [],
      present: new Set(['task-001']),
      entries: [
        {
          id: 'task-001',
          title: 'Add a watchlist page',
          intent: '',
          acceptanceCriteria: ['The change is described clearly.', 'The review step runs tests.'],
          constraints: [],
          contextPaths: ['src/README.md'],
          status: 'pending',
          lastRun: null,
        },
      ],
    });
  });

  it('is read leniently: an object around it, other names, numbers for ids, one text for a list', () => {
    const text = JSON.stringify({
      note: 'ours',
      tasks: [{ id: 7, description: 'Greet  by name.', criteria: 'It\n greets.', context_paths: ['a.js', ' '] }],
    });
    expect(readQueue(`\uFEFF${text}`).entries).toMatchObject([
      { id: '7', title: '', intent: 'Greet  by name.', acceptanceCriteria: ['It greets.'], contextPaths: ['a.js'] },
    ]);
  });

  it.each<[string, string, string]>([
    ['a comma too many', '[\n  { "id": "a" },\n]', 'line 3:1'],
    ['a comma too few', '[\n  { "id": "a"\n    "title": "b" }\n]', 'line 3:5'],
    ['single quotes', "[{ 'id': 1 }]", 'line 1:4'],
    ['an early end', '[\n  { "id": "a"', 'line 2:14'],
    ['something after the end', '[]\nx', 'line 2:1'],
    ['a mark of a merge', '[\n<<<<<<< HEAD\n]', 'line 2:1'],
    ['endless nesting', '['.repeat(40), 'nested too deeply'],
    ['no list', '\n{ "id": "a" }', 'line 2:1'],
    ['too many entries', JSON.stringify(Array.from({ length: 201 }, (_, id) => ({ id, title: 't' }))), '201 entries'],
  ])('names file and line of %s', (_what, text, place) => {
    expect(() => readQueue(text)).toThrow(
      expect.objectContaining({
        code: 'queue-file-invalid',
        message: expect.stringMatching(new RegExp(`factory/tasks/queue\\.json.*${place}`)),
      }),
    );
  });

  it('leaves out what is no entry, says why with its line, and reads the others', () => {
    const text = `[
  "x",
  { "title": "no id" },
  { "id": "a", "title": "one" },
  { "id": "b" },
  { "id": "c", "title": 5 },
  { "id": "d", "title": "t", "constraints": [1] },
  { "id": "e", "title": "t", "intent": ${JSON.stringify('x'.repeat(20_001))} },
  { "id": "f", "title": "one" }, { "id": "f", "title": "two" },
  { "id": "a\\nb", "title": "t" }
]`;
    const { entries, present, problems } = readQueue(text);
    expect(entries.map(({ id }) => id)).toEqual(['a']);
    expect([...present]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(problems).toEqual([
      'line 2:3 this entry is no object',
      'line 3:3 this entry needs an id of its own, of at most 80 characters',
      'line 5:3 entry "b": it needs a title or an intent',
      'line 6:3 entry "c": "title" must be text',
      'line 7:3 entry "d": "constraints" must be a list of texts',
      'line 8:3 entry "e": "intent" is longer than 20000 characters',
      'line 9:34 there is another entry with the id "f", so neither is read',
      'line 10:3 this entry needs an id of its own, of at most 80 characters',
    ]);
  });

  it('means by a text what every reader of JSON means', () => {
    const text =
      '{"a":[1,-2.5e3,true,null,"\\u00e9\\n\\"\\\\"],"b":{},"a":{"__proto__":{"x":1}},"\\u2028":[],"long":"' +
      `${'y'.repeat(100_000)}"}`;
    expect(JSON.stringify(valueOf(readJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe('writing into a queue', () => {
  const fields = new Map([['task-001', { status: 'done', lastRun: { task: 3, outcome: 'merged' } }]]);

  it('changes these fields and no other byte', () => {
    const edited = editQueue(BEGINNER, fields);
    expect(edited).toBe(
      BEGINNER.replace('"pending"', '"done"').replace(
        'runs tests."\n    ]\n',
        'runs tests."\n    ],\n    "lastRun": {\n      "task": 3,\n      "outcome": "merged"\n    }\n',
      ),
    );
    expect(editQueue(edited, fields)).toBe(edited);
  });

  it('keeps to the way in which the file is written', () => {
    expect(editQueue('[{"id":"task-001","x" : 1}]', fields)).toBe(
      '[{"id":"task-001","x" : 1, "status": "done", "lastRun": {"task":3,"outcome":"merged"}}]',
    );
    const windows =
      '\uFEFF{\r\n\t"tasks": [\r\n\t\t{\r\n\t\t\t"id": "task-001",\r\n\t\t\t"odd": 1.0e2\r\n\t\t}\r\n\t]\r\n}';
    const edited = editQueue(windows, new Map([['task-001', { status: 'done' }]]));
    expect(edited).toBe(windows.replace('1.0e2', '1.0e2,\r\n\t\t\t"status": "done"'));
  });

  it('leaves entries alone that it was not asked about, and such as it cannot tell apart', () => {
    const text = '[{"id":"b","title":"t"},"x",{}]';
    expect(editQueue(text, fields)).toBe(text);
  });
});

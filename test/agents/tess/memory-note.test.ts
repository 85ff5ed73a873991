import { expect, it } from 'vitest';
import { writeMemoryNote } from '#agents/tess/memory-note.ts';
import type { Task } from '#src/code-factory/task.ts';
import { brief } from '#test/code-factory/floor.ts';

const task = { attempt: 2 } as Task;
const SHA = 'a'.repeat(40);

it('names what a model wrote where the conversation holds no code', () => {
  const note = writeMemoryNote(task, { ...brief('Greet'), changeSet: null }, SHA, [
    'src/greet.js',
    'test/greet.test.js',
  ]);
  expect(note).toContain('"Greet" touched src/greet.js, test/greet.test.js; merged as aaaaaaa after 2 attempts.');
  expect(note).toContain('Remember: its tests are test/greet.test.js.');
});

it("names the conversation's files once, and asks for tests where there are none", () => {
  expect(writeMemoryNote(task, brief('Greet'), SHA, ['src/greet.js'])).toContain(
    'touched src/greet.js, test/greet.test.js;',
  );
  expect(writeMemoryNote(task, { ...brief('Greet'), changeSet: null }, SHA, [])).toContain('no tests came with it');
});

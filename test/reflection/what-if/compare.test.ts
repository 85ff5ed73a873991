import { describe, expect, it } from 'vitest';
import type { ToolCall } from '#src/ports/model.ts';
import { compareAnswers, compareCalls, saysTheSame } from '#src/reflection/what-if/compare.ts';
import type { Difference } from '#src/reflection/what-if/compare.ts';
import { answerOf } from '#test/model-calls/fake-model.ts';

const call = (name: string, args: string, id = 'a'): ToolCall => ({ id, name, arguments: args });
const other = (field: string, more: Partial<Difference>): Difference => ({
  field,
  gone: [],
  came: [],
  changed: [],
  ...more,
});

describe('two answers', () => {
  it.each<[string, unknown, unknown, Difference[]]>([
    ['that say the same', { a: ['x'], b: null }, { b: null, a: ['x'] }, []],
    ['in another order', { a: ['x', 'y'] }, { a: ['y', 'x'] }, []],
    [
      'with another word',
      { summary: 'Old.' },
      { summary: 'New.' },
      [other('summary', { gone: ['Old.'], came: ['New.'] })],
    ],
    ['with one entry more', { tests: ['a'] }, { tests: ['a', 'b'] }, [other('tests', { came: ['b'] })]],
    ['with an entry twice', { tests: ['a'] }, { tests: ['a', 'a'] }, [other('tests', { came: ['a'] })]],
    [
      'with another file',
      { fileTargets: [{ path: 'a.ts', action: 'edit', why: 'x' }] },
      { fileTargets: [{ path: 'b.ts', action: 'edit', why: 'x' }] },
      [other('fileTargets', { gone: ['edit a.ts'], came: ['edit b.ts'] })],
    ],
    [
      'with the same file for another reason',
      { fileTargets: [{ path: 'a.ts', action: 'edit', why: 'x' }] },
      { fileTargets: [{ path: 'a.ts', action: 'edit', why: 'y' }] },
      [other('fileTargets', { changed: ['edit a.ts'] })],
    ],
    [
      'with a blocker that was none',
      { blocker: null },
      { blocker: { reason: 'No access.', fix: 'Ask.' } },
      [other('blocker', { came: ['No access.'] })],
    ],
    ['with a field that is new', {}, { notes: [1] }, [other('notes', { came: ['1'] })]],
    ['in words', 'yes', 'no', [other('answer', { gone: ['yes'], came: ['no'] })]],
  ])('%s', (_what, then, now, differences) => {
    expect(compareAnswers(then, now)).toEqual(differences);
  });
});

describe('the tools that were asked for', () => {
  it.each<[string, ToolCall[], ToolCall[], Difference[]]>([
    [
      'the same in other spacing',
      [call('read_file', '{"path":"a","from":1}')],
      [call('read_file', '{ "from":1, "path":"a"}')],
      [],
    ],
    [
      'others',
      [call('search', '{"pattern":"x"}')],
      [call('list_files', '{"path":""}'), call('run_check', '{"name":"npm test"}')],
      [other('tools', { gone: ['search x'], came: ['list_files .', 'run_check npm test'] })],
    ],
    [
      'a file written with other contents',
      [call('write_file', '{"path":"a","content":"1"}')],
      [call('write_file', '{"path":"a","content":"2"}')],
      [other('tools', { changed: ['write_file a'] })],
    ],
    ['arguments that are no JSON', [call('x', '{')], [call('x', '{')], []],
  ])('%s', (_what, then, now, differences) => {
    expect(compareCalls(then, now)).toEqual(differences);
  });
});

describe('whether an answer leads on in the same way', () => {
  const asks = (args: string, id: string) =>
    answerOf('thinking aloud', { finish: 'tool-calls', toolCalls: [call('read_file', args, id)] });
  it.each([
    ['the ids of tools do not count', asks('{"path":"a"}', '1'), asks('{"path": "a"}', '2'), true],
    ['their arguments do', asks('{"path":"a"}', '1'), asks('{"path":"b"}', '1'), false],
    ['the spacing of JSON does not count', answerOf('{"a":1}'), answerOf('{ "a": 1 }\n'), true],
    ['its contents do', answerOf('{"a":1}'), answerOf('{"a":2}'), false],
    ['how it ended counts', answerOf('{"a":1}'), answerOf('{"a":1}', { finish: 'length' }), false],
  ])('%s', (_what, one, another, same) => {
    expect(saysTheSame(one, another)).toBe(same);
  });
});

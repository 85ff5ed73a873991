import { describe, expect, it, vi } from 'vitest';
import { thinkWithFacts } from '#agents/thinking/think.ts';
import { codeTools } from '#agents/thinking/tools/code-tools.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { openTestWorktree } from './open-worktree.ts';
import type { TestWorktree } from './open-worktree.ts';
import { asksFor, createScriptedCalls, resultsIn, says } from './scripted-calls.ts';
import type { RecordedCall } from './scripted-calls.ts';
import { assignment, dependencies, done, fakeTool, steering } from './thinking-support.ts';

const files = { 'src/a.js': 'export const a = 1;\n', 'old.txt': 'old\n' };
const plan: CheckPlan = {
  prepare: null,
  checks: [
    {
      name: 'test',
      command: 'echo dirty > src/a.js; grep -q greet src/b.js',
      report: null,
      env: {},
      timeoutSeconds: 60,
    },
  ],
  source: 'factory.yaml',
};

/** Whole work of six calls: it reads, writes, misses, mends, checks, deletes and answers. */
const script = [
  asksFor(['read_file', { path: 'src/a.js', from: null, to: null }], ['list_files', { path: '' }]),
  asksFor(['write_file', { path: 'src/b.js', content: 'hello\n' }], ['run_check', { name: 'test' }]),
  asksFor(['edit_file', { path: 'src/b.js', old: 'nothing', new: 'x' }], ['bash', {}]),
  asksFor(['edit_file', { path: 'src/b.js', old: 'hello', new: 'greet' }], ['delete_file', { path: 'old.txt' }]),
  asksFor(['run_check', { name: 'test' }], ['edit_file', { path: 'src/a.js', old: 'a = 1', new: 'a = 2' }]),
  says(done),
];

async function go(worktree: TestWorktree, record: readonly RecordedCall[], dieAfter?: number) {
  const tools = codeTools(worktree.worktree, { mayEdit: () => null, plan, sha: worktree.sha });
  const calls = createScriptedCalls(script, { record, ...(dieAfter === undefined ? {} : { dieAfter }) });
  const result = await thinkWithFacts(assignment({ tools }), dependencies(calls)).catch((error: unknown) => {
    if (error instanceof Error && error.message === 'killed') return null;
    throw error;
  });
  return { calls, result };
}

describe('a step that runs again after a crash', () => {
  it('ends with the same tree, asks nothing twice and builds the same history, wherever it was killed (F26)', async () => {
    const whole = await openTestWorktree(files);
    const straight = await go(whole, []);
    const wanted = await whole.treeId();
    expect(await whole.text('src/a.js')).toBe('export const a = 2;\n');
    for (let dieAfter = 1; dieAfter < script.length; dieAfter += 1) {
      const first = await go(await openTestWorktree(files), [], dieAfter);
      expect(first.result).toBeNull();
      const again = await openTestWorktree(files);
      const second = await go(again, first.calls.record);
      expect(second.calls.asked, `killed after ${dieAfter}`).toHaveLength(script.length - dieAfter);
      expect(second.calls.record).toEqual(straight.calls.record);
      expect(second.result).toEqual(straight.result);
      expect(await again.treeId()).toBe(wanted);
    }
  });

  it('reads what was recorded instead of looking again, and does changes again with their recorded words', async () => {
    const read = vi.fn<(path: string) => string>(() => 'as it was');
    const write = vi.fn<(path: string) => string>(() => 'written first');
    const steps = [
      asksFor(['read_file', { path: 'a' }], ['write_file', { path: 'a' }]),
      asksFor(['read_file', { path: 'b' }]),
      says(done),
    ];
    const tools = () => [fakeTool('read_file', read), fakeTool('write_file', write, true)];
    const first = createScriptedCalls(steps, { dieAfter: 2 });
    await expect(thinkWithFacts(assignment({ tools: tools() }), dependencies(first))).rejects.toThrow('killed');
    read.mockReturnValue('as it is now');
    write.mockReturnValue('written again');
    const second = createScriptedCalls(steps, { record: first.record });
    await thinkWithFacts(assignment({ tools: tools(), material: 'It reads otherwise now.' }), dependencies(second));
    expect([read.mock.calls, write.mock.calls]).toEqual([
      [
        ['a', expect.anything()],
        ['b', expect.anything()],
      ],
      [
        ['a', expect.anything()],
        ['a', expect.anything()],
      ],
    ]);
    expect(second.asked).toHaveLength(1);
    expect(second.asked[0]?.messages[1]?.text).toBe('Add a greeting.');
    const [a, b, c] = second.asked[0] ? resultsIn(second.asked[0]) : [];
    expect(a).toContain('as it was');
    expect(b).toContain('written first');
    expect(c).toContain('as it is now');
  });

  it('says what a person said before the crash once, also when no call had it yet', async () => {
    const steps = [asksFor(['read_file', { path: 'a' }]), says(done)];
    const tools = [fakeTool('read_file', () => 'x')];
    const first = createScriptedCalls(steps, { dieAfter: 1 });
    const early = dependencies(first, { hear: async () => [steering('s1', 'Use French.')] });
    await expect(thinkWithFacts(assignment({ tools }), early)).rejects.toThrow('killed');
    const second = createScriptedCalls(steps, { record: first.record });
    const hear = async () => [steering('s1', 'Use French.', false), steering('s2', 'Be brief.', false)];
    const { facts } = await thinkWithFacts(assignment({ tools }), dependencies(second, { hear }));
    const said = second.asked[0]?.messages.filter(({ text }) => text?.startsWith('Ada says')) ?? [];
    expect(said.map(({ text }) => /French|brief/.exec(text ?? '')?.[0])).toEqual(['French', 'brief']);
    expect(facts.heard).toEqual(['s1', 's2']);
  });

  it('leaves the record of another version of the assignment alone', async () => {
    const first = createScriptedCalls([says('not yet'), says(done)], { dieAfter: 1 });
    await expect(thinkWithFacts(assignment(), dependencies(first))).rejects.toThrow('killed');
    const second = createScriptedCalls([says('not yet'), says(done)], { record: first.record });
    const looked = vi.spyOn(second, 'ask');
    await thinkWithFacts(assignment({ instructions: 'You are Ollan, and newer.' }), dependencies(second));
    expect(looked.mock.calls[0]?.[0].messages[0]?.text).toContain('and newer');
  });

  it('goes its own way once another model answers a recorded request otherwise', async () => {
    const tools = [fakeTool('read_file', (path) => `content of ${path}`)];
    const read = (path: string) => asksFor(['read_file', { path }]);
    const first = createScriptedCalls([read('a'), read('b'), says(done)], { dieAfter: 2 });
    await expect(thinkWithFacts(assignment({ tools }), dependencies(first))).rejects.toThrow('killed');
    const other = createScriptedCalls([read('c'), says(done)]);
    let at = 0;
    const switched = {
      ...other,
      recorded: async () => first.record[at] ?? null,
      ask: async (...args: Parameters<typeof other.ask>) => {
        at += 1;
        return other.ask(...args);
      },
    };
    await thinkWithFacts(assignment({ tools }), dependencies(switched));
    const results = other.asked[1] ? resultsIn(other.asked[1]) : [];
    expect(results).toHaveLength(1);
    expect(results[0]).toContain('content of c');
  });
});

import type { ChatRequest } from './model-request-rules.ts';
import type { ScriptedAnswer } from './scripted-model.ts';

/** What a persona is asked to do. `testsAgain`: after tests that were not red; `mend`: after checks or a person said no. */
export type Place = 'refine' | 'scope' | 'plan' | 'tests' | 'testsAgain' | 'remarks' | 'build' | 'mend' | 'cleanUp';

/** One answer: an object goes out as JSON, text as it is, `use` asks for tools, a function sees the request. */
export type Said = ScriptedAnswer | Readonly<Record<string, unknown>> | string | ToolMove;
export type Move = Said | ((request: ChatRequest) => Said);

export class ToolMove {
  readonly calls: readonly (readonly [name: string, args: unknown])[];
  constructor(calls: ToolMove['calls']) {
    this.calls = calls;
  }
}

/** Asks for tools, each as `[name, arguments]`. */
export function use(...calls: readonly (readonly [name: string, args: unknown])[]): ToolMove {
  return new ToolMove(calls);
}

export const writes = (path: string, content: string): ToolMove => use(['write_file', { path, content }]);
export const done = (summary: string) => ({ summary, blocker: null, notes: [] });

/** What the team does with the story of `talk.ts` about `double`, in full. */
export const DOUBLE = '/** Twice the number. */\nexport function double(n) {\n  return n * 2;\n}\n';
export const DOUBLE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { double } from '../src/double.js';

test('c1 double(4) returns 8', () => {
  assert.equal(double(4), 8);
});
`;

const NOTHING_TO_ADD = { vision: [], features: [], goals: [], constraints: [], openQuestions: [], stories: [] };

export const plans = (targets: readonly { path: string; action: string }[], tests: readonly string[]) => ({
  steps: targets.map(({ path }) => ({ text: `Write ${path}`, files: [path] })),
  fileTargets: targets.map(({ path, action }) => ({ path, action, why: 'The story asks for it.', messages: [1] })),
  criteriaCovered: ['c1'],
  tests,
  docs: [],
  risks: [],
  rollback: 'Revert the merge.',
});

const usual: Readonly<Record<Place, readonly Move[]>> = {
  refine: [NOTHING_TO_ADD],
  scope: [{ criteria: [], constraints: [], questions: [] }],
  plan: [
    use(['list_files', { path: '' }]),
    plans(
      [
        { path: 'src/double.js', action: 'create' },
        { path: 'test/double.test.js', action: 'create' },
      ],
      ['test/double.test.js'],
    ),
  ],
  tests: [
    writes('test/double.test.js', DOUBLE_TEST),
    { testFiles: ['test/double.test.js'], coversCriteria: ['c1'], notes: [] },
  ],
  testsAgain: [{ testFiles: ['test/double.test.js'], coversCriteria: ['c1'], notes: [] }],
  remarks: [{ remarks: [] }],
  build: [writes('src/double.js', DOUBLE), use(['run_check', { name: 'npm test' }]), done('Doubles a number.')],
  mend: [writes('src/double.js', DOUBLE), done('Mended the doubling.')],
  cleanUp: [done('There was nothing to clean up.')],
};

/**
 * Five personas who play a list of moves each, the last one again and again. Which move is due is told from the request
 * alone, so that a call that is asked once more after a crash gets the same answer.
 */
export function createTeam(
  own: Partial<Record<Place, readonly Move[]>> = {},
): (request: ChatRequest, index: number) => ScriptedAnswer {
  return (request, index) => {
    const place = placeOf(request);
    const moves = own[place] ?? usual[place];
    const move = moves[Math.min(turnOf(request), moves.length - 1)];
    if (move === undefined) throw new Error(`the team has no move for ${place}`);
    const said = typeof move === 'function' ? move(request) : move;
    // A server that knows no tools is told of them in words, and so is it answered.
    return request.tools === undefined && said instanceof ToolMove ? inWords(said) : inScript(said, index);
  };
}

export function placeOf({ messages }: ChatRequest): Place {
  const system = textOf(messages[0]);
  const material = textOf(messages[1]);
  if (system.startsWith('You are Piper. You read a conversation')) return 'refine';
  if (system.startsWith('You are Piper.')) return 'scope';
  if (system.startsWith('You are Mason.')) return 'plan';
  if (system.startsWith('You are Vera. Before'))
    return material.includes('they are in the tree') ? 'testsAgain' : 'tests';
  if (system.startsWith('You are Vera.')) return 'remarks';
  if (system.startsWith('You are Ollan. Your code')) return 'cleanUp';
  if (system.startsWith('You are Ollan.')) return material.includes('# What came before') ? 'mend' : 'build';
  throw new Error(`nobody of the team: ${system.slice(0, 100)}`);
}

/** How often the model has spoken in this conversation before: 0 for its first answer. */
export function turnOf({ messages }: ChatRequest): number {
  return messages.filter(({ role }) => role === 'assistant').length;
}

function textOf(message: ChatRequest['messages'][number] | undefined): string {
  return message?.content ?? '';
}

function inWords({ calls: [first] }: ToolMove): ScriptedAnswer {
  const [tool, args] = first ?? [];
  return { text: JSON.stringify({ tool, arguments: args }) };
}

const FIELDS = new Set(['text', 'toolCalls', 'finish', 'usage']);

function inScript(move: Said, index: number): ScriptedAnswer {
  if (typeof move === 'string') return { text: move };
  if (move instanceof ToolMove) {
    return { toolCalls: move.calls.map(([name, args], at) => ({ name, arguments: args, id: `call_${index}_${at}` })) };
  }
  return Object.keys(move).every((key) => FIELDS.has(key)) ? move : { text: JSON.stringify(move) };
}

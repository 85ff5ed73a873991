import { describe, expect, it } from 'vitest';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { ModelMessage } from '#src/ports/model.ts';
import { readThoughts } from '#src/reflection/what-if/recorded-thoughts.ts';
import { answerOf, requestOf } from '#test/model-calls/fake-model.ts';

const RUN = 'run';
const SAID: ModelMessage = { role: 'assistant', text: 'Looking.', toolCalls: [] };

interface Asked {
  step?: string;
  persona?: string;
  attempt?: number;
  occasion?: string;
  ordinal?: number;
  run?: string;
  /** What the answer must be; names the kind of thought. */
  name?: string;
  goesOn?: boolean;
  /** null: it failed. */
  says: string | null;
  isErased?: boolean;
}

/** A stream of calls as it is kept, with its artifacts. */
function streamOf(calls: readonly Asked[]) {
  const events: RecordedEvent[] = [];
  const kept = new Map<string, Artifact>();
  const add = <T extends 'model.asked' | 'model.answered'>(
    type: T,
    body: Partial<EventBodies[T]>,
    artifact: Artifact,
    run: string,
  ) => {
    const position = events.length + 1;
    events.push({ type, body, artifact: artifact.hash, runId: run, position } as unknown as RecordedEvent);
  };
  calls.forEach((call, index) => {
    const { step = 'plan', persona = 'mason', attempt = 1, occasion = '7', ordinal = 0, run = RUN } = call;
    const callId = `call-${index}`;
    const base = requestOf(`Question ${index}.`, { answer: { name: call.name ?? step, schema: {} } });
    const request = jsonArtifact('model-request', {
      ...base,
      messages: [...base.messages, ...(call.goesOn === true ? [SAID] : [])],
    });
    if (call.isErased !== true) kept.set(request.hash, request);
    const stepKey = `${run}/${attempt}/${step}/${occasion}`;
    add('model.asked', { callId, persona, attempt, step, stepKey, ordinal, model: 'small' }, request, run);
    if (call.says === null) return;
    const answer = jsonArtifact('model-answer', answerOf(call.says));
    kept.set(answer.hash, answer);
    add('model.answered', { callId, costMicroUsd: 5 }, answer, run);
  });
  return {
    ledger: { stream: async () => events },
    artifacts: { get: async (hash: string) => kept.get(hash) ?? null },
  } as unknown as Parameters<typeof readThoughts>[0];
}

async function read(calls: readonly Asked[]) {
  const thoughts = await readThoughts(streamOf(calls), { taskId: 'task', runId: RUN });
  return thoughts.map(({ persona, attempt, part, go, turns }) => ({
    who: `${persona} ${part} ${attempt}/${go}`,
    says: turns?.map(({ answer }) => answer.text) ?? null,
  }));
}

describe('what a run thought', () => {
  it.each<[string, Asked[], { who: string; says: (string | null)[] | null }[]]>([
    ['nothing', [], []],
    ['of another run', [{ says: 'x', run: 'other' }], []],
    [
      'turn by turn, step by step',
      [
        { says: 'a' },
        { says: 'b', ordinal: 1, goesOn: true },
        { says: 'c', step: 'build', persona: 'ollan', attempt: 2 },
      ],
      [
        { who: 'mason plan 1/1', says: ['a', 'b'] },
        { who: 'ollan build 2/1', says: ['c'] },
      ],
    ],
    [
      'each beginning of a step by itself, under the name of what it is for',
      [
        { says: 'code', step: 'build', persona: 'ollan' },
        { says: 'tidy', step: 'build', persona: 'ollan', ordinal: 1, name: 'clean-up' },
      ],
      [
        { who: 'ollan build 1/1', says: ['code'] },
        { who: 'ollan clean-up 1/1', says: ['tidy'] },
      ],
    ],
    [
      'the second go of the same, within a step or because it was due once more',
      [
        { says: 'tests', step: 'lock', persona: 'vera' },
        { says: 'again', step: 'lock', persona: 'vera', ordinal: 1 },
        { says: 'asked', step: 'lock', persona: 'vera', occasion: '19' },
      ],
      [
        { who: 'vera lock 1/1', says: ['tests'] },
        { who: 'vera lock 1/2', says: ['again'] },
        { who: 'vera lock 1/3', says: ['asked'] },
      ],
    ],
    [
      'only what the step ended with, where it began anew',
      [
        { says: 'old' },
        { says: 'old too', ordinal: 1, goesOn: true },
        { says: 'new' },
        { says: null, ordinal: 1, goesOn: true },
        { says: 'new too', ordinal: 1, goesOn: true },
      ],
      [{ who: 'mason plan 1/1', says: ['new', 'new too'] }],
    ],
    ['one that was never answered', [{ says: null }], [{ who: 'mason plan 1/1', says: [] }]],
    [
      'one whose words are gone in part',
      [{ says: 'a' }, { says: 'b', ordinal: 1, goesOn: true, isErased: true }],
      [{ who: 'mason plan 1/1', says: null }],
    ],
  ])('%s', async (_what, calls, expected) => {
    expect(await read(calls)).toEqual(expected);
  });
});

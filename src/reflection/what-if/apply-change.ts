import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { ModelMessage, ModelRequest } from '#src/ports/model.ts';
import type { Change, Craft } from './change.ts';
import { isForStep, withLesson, withoutLesson } from './lesson-in-pack.ts';
import type { Thought, Turn } from './recorded-thoughts.ts';

/** What becomes of a thought's questions. */
export interface Applied {
  request(recorded: ModelRequest): ModelRequest;
  model(turn: Turn): string;
  /** Why the change does not reach this thought; null: it may. */
  why: string | null;
}

const AS_IT_WAS = { request: (recorded: ModelRequest) => recorded, model: ({ model }: Turn) => model };

/** The change, for one thought. All that it does not speak of stays as it was recorded. */
export function applyChange(change: Change, thought: Thought, craft: Craft): Applied {
  const first = thought.turns?.[0];
  if (first === undefined) return { ...AS_IT_WAS, why: null };
  switch (change.kind) {
    case 'model':
      return { ...AS_IT_WAS, model: () => change.name, why: null };
    case 'prompt':
      return withInstructions(change, thought, craft);
    case 'with':
    case 'without':
      return withOrWithout(change, thought, first);
  }
}

function withInstructions(
  { persona, part, instructions }: Extract<Change, { kind: 'prompt' }>,
  thought: Thought,
  craft: Craft,
): Applied {
  if (thought.persona !== persona || thought.part !== part) {
    return { ...AS_IT_WAS, why: 'These instructions are not for it.' };
  }
  const system = thought.turns?.[0]?.request.messages.find(({ role }) => role === 'system')?.text ?? '';
  if (craft.replaceInstructions(system, instructions) === null) {
    return { ...AS_IT_WAS, why: 'Its instructions cannot be told from the rules of the house.' };
  }
  const inSystem = (message: ModelMessage): ModelMessage =>
    message.role === 'system'
      ? { ...message, text: craft.replaceInstructions(message.text, instructions) ?? message.text }
      : message;
  return { ...AS_IT_WAS, request: (request) => ({ ...request, messages: request.messages.map(inSystem) }), why: null };
}

function withOrWithout(
  { kind, lesson }: { kind: 'with' | 'without'; lesson: LessonRow },
  { persona }: Thought,
  first: Turn,
): Applied {
  const material = materialOf(first.request);
  if (kind === 'with' && !isForStep(lesson, persona, material)) {
    return { ...AS_IT_WAS, why: 'It would not be given this lesson.' };
  }
  const change = kind === 'with' ? withLesson : withoutLesson;
  if (change(material, lesson) === material) {
    return { ...AS_IT_WAS, why: kind === 'with' ? 'It was given this lesson.' : 'It was not given this lesson.' };
  }
  const at = first.request.messages.findIndex(({ role }) => role === 'user');
  const inMaterial = (message: ModelMessage, index: number): ModelMessage =>
    index === at && message.role === 'user' ? { ...message, text: change(message.text, lesson) } : message;
  return {
    ...AS_IT_WAS,
    request: (request) => ({ ...request, messages: request.messages.map(inMaterial) }),
    why: null,
  };
}

/** What a persona is given to work from: the first thing that is said to it. */
function materialOf({ messages }: ModelRequest): string {
  return messages.find(({ role }) => role === 'user')?.text ?? '';
}

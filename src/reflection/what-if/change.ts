import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { displayName } from '#src/ports/personas.ts';

/** The one thing that is other than it was, as a person asks for it. */
export type Wish =
  | { kind: 'with' | 'without'; lesson: string }
  | { kind: 'prompt'; whose: string | null; instructions: string }
  | { kind: 'model'; name: string };

/** The same, once the run was asked what is meant. */
export type Change =
  | { kind: 'with' | 'without'; lesson: LessonRow }
  | { kind: 'prompt'; persona: PersonaName; part: string; instructions: string }
  | { kind: 'model'; name: string };

/** What a what-if has to know of how the personas' requests are written. */
export interface Craft {
  /** The system message with other instructions, the rules of the house as they were; null: it is not one of ours. */
  replaceInstructions(system: string, instructions: string): string | null;
  /** Throws FactoryError `model-window-too-small`. */
  fitWindow(request: ModelRequest, windowTokens: number): ModelRequest;
  /** The one JSON object of an answer, held against the shape that was asked for. */
  readAnswer(text: string | null, shape: ModelRequest['answer']): Promise<ReadAnswer>;
}

export type ReadAnswer = { ok: true; value: unknown } | { ok: false; problems: readonly string[] };

/** "with lesson 3", "with other instructions for Mason in plan", "with the model small". */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case 'with':
    case 'without':
      return `${change.kind} lesson ${change.lesson.number}`;
    case 'prompt':
      return `with other instructions for ${displayName(change.persona)} in ${change.part}`;
    case 'model':
      return `with the model ${change.name}`;
  }
}

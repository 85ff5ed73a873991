import type { PackEntry } from '#src/context-pack/pack.ts';
import { suspicions } from '#src/safety/suspicions.ts';

/** Gathers, while a persona thinks, what people should know of the model's part in the step. */
export interface ModelNotes {
  /** It asked for a tool that it may not use. */
  refusedTool(name: string): void;
  /** It is given this text by others, told here as it was before anything was taken out of it. */
  gaveText(origin: string, text: string): void;
  /** It is given a context pack, by the account of what went in. */
  gavePack(included: readonly Pick<PackEntry, 'title' | 'suspicions'>[]): void;
  refusedTools(): readonly string[];
  /** Of all that it was given, what looks as if it were meant for the model and not for people, as sentences. */
  suspicious(): readonly string[];
}

export function createModelNotes(): ModelNotes {
  const names: string[] = [];
  const found = new Set<string>();
  const suspect = (origin: string, why: readonly string[]): void => {
    for (const suspicion of why) found.add(`${origin} looks meant for the model: ${lowerFirst(suspicion)}`);
  };
  return {
    refusedTool: (name) => void names.push(name),
    gaveText: (origin, text) => suspect(origin, suspicions(text)),
    gavePack(included) {
      for (const { title, suspicions: why = [] } of included) suspect(title, why);
    },
    refusedTools: () => names,
    suspicious: () => [...found],
  };
}

function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

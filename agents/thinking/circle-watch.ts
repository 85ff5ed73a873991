import { FactoryError } from '#src/errors.ts';

const WARN_AT = 3;
const STOP_AT = 5;

/** Notices a model that asks for the same thing over and over while nothing changes. */
export interface CircleWatch {
  /** A tool call is about to be answered. A note for the model, or null. Throws FactoryError `going-in-circles`. */
  see(name: string, args: string): string | null;
  /** This call changed the tree: others may give something else now. */
  changed(name: string, args: string): void;
  /** Earlier results were taken out of the conversation; asking for them again is no circle. */
  forget(): void;
}

export function createCircleWatch(who: string): CircleWatch {
  let seen = new Map<string, number>();
  return {
    see(name, args) {
      const key = keyOf(name, args);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      if (times >= STOP_AT) {
        throw goingInCircles(`${who} asked for the same ${name} ${times} times without changing anything in between.`);
      }
      if (times < WARN_AT) return null;
      return `Note: you asked for exactly this ${times} times and nothing has changed. Go on in another way, or end with your answer.`;
    },
    changed(name, args) {
      const key = keyOf(name, args);
      seen = new Map([[key, seen.get(key) ?? 1]]);
    },
    forget() {
      seen = new Map();
    },
  };
}

export function goingInCircles(message: string): FactoryError {
  return new FactoryError('going-in-circles', message, {
    fix: 'Retry with a hint in the thread, write the story more precisely, or take the task over.',
  });
}

/** The same arguments in other spacing are the same. */
function keyOf(name: string, args: string): string {
  try {
    return `${name} ${JSON.stringify(JSON.parse(args))}`;
  } catch {
    return `${name} ${args}`;
  }
}

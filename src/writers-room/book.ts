import type { Conversation } from '#src/ports/conversation.ts';
import type { ChangeSet, LeftOut } from './change-set.ts';
import { readTurns, type Turn } from './requests.ts';

/** A request that code answered, whether or not any of the code can be used. */
export interface Answered {
  requestPosition: number;
  /** null: nothing of its code can be used. */
  changeSet: ChangeSet | null;
  leftOut: LeftOut[];
  /** Messages with code that counts, or would count if it were whole. */
  used: number[];
  /** People did not turn it down: it is still to be built. */
  wanted: boolean;
}

/** The conversation by position. */
export class Book {
  readonly turns: Turn[];
  #turnAt = new Map<number, Turn>();
  #textAt = new Map<number, string>();

  constructor(conversation: Conversation) {
    this.turns = readTurns(conversation);
    for (const turn of this.turns) this.#turnAt.set(turn.position, turn);
    for (const message of conversation.messages) this.#textAt.set(message.position, message.text);
  }

  turn(position: number): Turn | undefined {
    return this.#turnAt.get(position);
  }

  text(position: number): string {
    return this.#textAt.get(position) ?? '';
  }

  /** What was asked for there, in words; '' for what nobody asked. */
  request(position: number): string {
    return this.#turnAt.get(position)?.request ?? '';
  }

  /** Messages of people that refine a request: they ask, and the next code that came belongs to that request. */
  refinements(answered: readonly Answered[]): Map<Answered, number[]> {
    const answers = new Map<number, Answered>();
    for (const part of answered) for (const position of part.used) answers.set(position, part);
    for (const part of answered)
      for (const { position } of part.leftOut) if (!answers.has(position)) answers.set(position, part);
    const used = new Set(answered.flatMap((part) => part.used));
    const requests = new Set(answered.map((part) => part.requestPosition));
    const found = new Map<Answered, number[]>(answered.map((part) => [part, []]));
    let waiting: number[] = [];
    for (const turn of this.turns) {
      const part = answers.get(turn.position);
      if (part !== undefined) {
        // What was asked for in a version that people turned down is no criterion.
        if (used.has(turn.position))
          found.get(part)?.push(...waiting.filter((position) => position > part.requestPosition));
        waiting = [];
      }
      const reacts = turn.reading.reaction === 'complains' || turn.reading.reaction === 'declines';
      if (turn.role === 'person' && (turn.asks || reacts) && !requests.has(turn.position)) waiting.push(turn.position);
    }
    return found;
  }
}

import { randomUUID } from 'node:crypto';

/** More are not waited for at once; the oldest is left then, and whoever missed it asks again. */
const MAX_WAITED_FOR = 100;

/** Answers that a person gets a while after they asked, each under a name that nobody can guess. */
export interface LaterAnswers {
  add(later: Promise<string | null>): string;
  /** What is known by now; `text` null: there is nothing to say, or there never was. */
  get(id: string): 'waiting' | { text: string | null };
}

export function createLaterAnswers(): LaterAnswers {
  const answers = new Map<string, { text: string | null } | 'waiting'>();
  return {
    add(later) {
      const id = randomUUID();
      answers.set(id, 'waiting');
      void later
        .catch(() => null)
        .then((text) => {
          if (answers.has(id)) answers.set(id, { text });
        });
      for (const oldest of answers.keys()) {
        if (answers.size <= MAX_WAITED_FOR) break;
        answers.delete(oldest);
      }
      return id;
    },
    get: (id) => answers.get(id) ?? { text: null },
  };
}

import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { modelWords } from './model-words.ts';

const TITLE_CHARACTERS = 200;

/** What a commit that was written with a model says of itself. */
export interface Written {
  title: string;
  /** The model's own words; '': none. */
  summary?: string;
  model: string;
  /** When and what for, in words that follow the model's name. */
  why?: string;
}

/** The message of a commit that was written with a model: what it says of it, and the conversation that asked for it. */
export function writtenMessage(brief: TaskBrief, { title, summary = '', model, why = '' }: Written): string {
  const message = [
    modelWords(title, TITLE_CHARACTERS),
    '',
    ...(summary === '' ? [] : [summary, '']),
    `Written with ${modelWords(model, TITLE_CHARACTERS)}${why === '' ? '' : ` ${why}`}; asked for in the conversation "${modelWords(brief.conversationTitle, TITLE_CHARACTERS)}".`,
  ].join('\n');
  // Forges draw messages of commits with links and call the people that they name.
  return cleanOutbound(message, { goesTo: 'forge' });
}

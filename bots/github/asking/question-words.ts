import { questionsToAsk } from '#src/inception/questions-to-ask.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { MARKER } from './marker.ts';

export interface IssueState {
  /** Of the canvas, in its order. */
  openQuestions: readonly string[];
  stories: number;
  /** Messages of people who may not write. */
  leftOut: number;
}

/** What the one comment says to an issue that is too vague for a story; and once it is not. Filtered as all that leaves. */
export function questionComment({ openQuestions, stories, leftOut }: IssueState): string {
  const said = stories > 0 ? enough(stories) : ask(openQuestions, leftOut);
  return `${MARKER}\n${cleanOutbound(said, { goesTo: 'forge' })}`;
}

function ask(openQuestions: readonly string[], leftOut: number): string {
  return [
    '**Piper** of Factory Workbench: there is no task in this yet that could be worked on. Answers to these, in a comment here, would help:',
    questionsToAsk(openQuestions)
      .map((question) => `- ${question}`)
      .join('\n'),
    ...(leftOut === 0 ? [] : ['What people without write access to this repository say is not read.']),
  ].join('\n\n');
}

function enough(stories: number): string {
  const drawn = stories === 1 ? 'One story is' : `${stories} stories are`;
  return `**Piper** of Factory Workbench: thank you, that was enough. ${drawn} drawn up from this issue; a person commits them in the workbench, and nothing is begun before.`;
}

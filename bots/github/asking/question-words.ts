import { slotQuestions } from '#src/inception/questions.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { MARKER } from './marker.ts';

/** Nobody answers more at once. */
const AT_ONCE = 4;
/** What fits an issue of any kind; the other empty slots of a vision ask about a product. */
const SLOTS: ReadonlySet<string> = new Set([slotQuestions.finalClient, slotQuestions.problem]);
const ALL_SLOTS: ReadonlySet<string> = new Set(Object.values(slotQuestions));

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
  const asked = openQuestions.filter((question) => !ALL_SLOTS.has(question) || SLOTS.has(question));
  const questions = [
    ...asked.slice(0, AT_ONCE),
    'What should be there afterwards, and how would you see that it works?',
  ];
  return [
    '**Piper** of Factory Workbench: there is no task in this yet that could be worked on. Answers to these, in a comment here, would help:',
    questions.map((question) => `- ${question}`).join('\n'),
    ...(leftOut === 0 ? [] : ['What people without write access to this repository say is not read.']),
  ].join('\n\n');
}

function enough(stories: number): string {
  const drawn = stories === 1 ? 'One story is' : `${stories} stories are`;
  return `**Piper** of Factory Workbench: thank you, that was enough. ${drawn} drawn up from this issue; a person commits them in the workbench, and nothing is begun before.`;
}

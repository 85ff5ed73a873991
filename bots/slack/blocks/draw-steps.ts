import type { KnownBlock, TaskCardBlock } from '@slack/types';
import { duration } from '#src/desk/cards/card-parts.ts';
import type { CardBlock } from '#src/ports/chat.ts';
import type { Drawing } from './drawing.ts';
import type { Drawn } from './pieces.ts';
import { bold, line, linesBlocks, moment, richText, section, words } from './rich-text.ts';
import type { Line } from './rich-text.ts';
import { plain, shorten } from './words.ts';

type Step = (CardBlock & { type: 'steps' })['steps'][number];

const statuses = { done: 'complete', now: 'in_progress', todo: 'pending', failed: 'error' } as const;
const signs = { done: '✓', now: '●', todo: '○', failed: '✕' } as const;

const LABEL_CHARS = 150;
/** Labels up to this length share a line, and a line takes so many of them. */
const SHORT_LABEL_CHARS = 30;
const STEPS_IN_LINE = 10;

/**
 * A `plan` of `task_card`s where the workspace has them. Else lines: what is done and what is still to do stand in one
 * each, so that a phone shows three lines in place of eight. In a modal a line a step.
 */
export function drawSteps(steps: readonly Step[], { context, amount }: Drawing): Drawn {
  if (steps.length === 0) return { pieces: [], isCut: false };
  const shown = steps.slice(0, amount.steps);
  const left = steps.length - shown.length;
  // No modal takes a plan, and one of very many steps is no plan that anybody reads.
  if (context.features.planBlocks && !amount.isAll && left === 0) return { pieces: [[plan(steps)]], isCut: false };
  const lines = amount.isAll ? shown.map(stepLine) : groupsOf(shown).map(groupLine);
  if (left > 0) lines.push(line(words(`… and ${left} more`)));
  return { pieces: linesBlocks(lines).map((block) => [block]), isCut: left > 0 };
}

function plan(steps: readonly Step[]): KnownBlock {
  const done = steps.filter(({ state }) => state === 'done').length;
  return { type: 'plan', title: `${done} of ${steps.length} steps done`, tasks: steps.map(taskCard) };
}

function taskCard(step: Step, index: number): TaskCardBlock {
  const since = started(step);
  return {
    type: 'task_card',
    task_id: `step-${index}`,
    title: `${labelOf(step)}${took(step)}`,
    status: statuses[step.state],
    ...(since.length === 0 ? {} : { details: richText(section(...since)) }),
  };
}

/** Short steps of one state that follow each other. What runs, and what failed, stands alone. */
function groupsOf(steps: readonly Step[]): [Step, ...Step[]][] {
  const groups: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    const mayJoin =
      (step.state === 'done' || step.state === 'todo') &&
      group?.[0].state === step.state &&
      group.length < STEPS_IN_LINE &&
      [...group, step].every((each) => labelOf(each).length <= SHORT_LABEL_CHARS);
    if (mayJoin) group.push(step);
    else groups.push([step]);
  }
  return groups;
}

function groupLine(group: [Step, ...Step[]]): Line {
  const [first] = group;
  if (group.length === 1) return stepLine(first);
  return line(words(`${signs[first.state]} ${group.map(shortly).join(' · ')}`));
}

/** Under a second is not worth a word among others. */
function shortly(step: Step): string {
  const took = step.tookMs !== null && step.tookMs >= 1000 ? ` ${duration(step.tookMs)}` : '';
  return `${labelOf(step)}${took}`;
}

function stepLine(step: Step): Line {
  const since = started(step);
  return line(
    words(`${signs[step.state]} `),
    step.state === 'now' ? bold(labelOf(step)) : words(labelOf(step)),
    ...(took(step) === '' ? [] : [words(took(step))]),
    ...(since.length === 0 ? [] : [words(' · '), ...since]),
  );
}

function labelOf({ label }: Step): string {
  return shorten(plain(label), LABEL_CHARS) || '–';
}

function took({ tookMs }: Step): string {
  return tookMs === null ? '' : ` · ${duration(tookMs)}`;
}

/** Slack itself counts the time that runs on, so the message need not be sent again for it. */
function started({ state, sinceAt }: Step) {
  const since = state === 'now' ? moment(sinceAt, '{ago}') : [];
  return since.length === 0 ? [] : [words('started '), ...since];
}

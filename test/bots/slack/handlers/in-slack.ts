import { vi } from 'vitest';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { Front } from '#test/desk/front.ts';
import type { DiffView } from '#src/desk/desk.ts';
import { openFactory } from '../open-factory.ts';

const IDEA = `@workbench As a visitor I want to be greeted by name, so that I feel welcome. Write a function greet in src/greet.js:
\`\`\`js
// src/greet.js
export function greet(name) {
  return \`Hello, \${name}\`;
}
\`\`\``;

/** A project that works in the channel `ideas` of a stand-in Slack, where Ana and Ben are. */
export async function inSlack(front: Front, { isBound = true } = {}) {
  const slack = await startSlack({
    people: { ana: {}, ben: {} },
    apps: { workbench: {} },
    channels: { ideas: {}, elsewhere: { apps: [] } },
  });
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  const bound = { projectId, name: 'ideas', listen: 'mentions' } as const;
  if (isBound) await front.desk.bindChannel(`slack:${slack.people.ana.id}`, place, bound);
  const factory = await openFactory(front, slack, slack.apps.workbench);
  const settle = async (): Promise<void> => {
    await slack.settled();
    await factory.settle();
  };
  const { ana, ben } = slack.people;
  /** What only they are told, oldest first. */
  const told = (person: typeof ana): string[] => person.ephemerals().map((one) => slack.read(one));
  const modal = (person: typeof ana): string => {
    const view = person.modal();
    return view === null ? '' : slack.read(view);
  };
  return { slack, projectId, factory, place, settle, ana, ben, told, modal };
}

/** Ben has called with an idea that brings its code. */
export async function inIdea(front: Front) {
  const opened = await inSlack(front);
  const said = opened.ben.say('ideas', IDEA);
  await opened.settle();
  return { ...opened, said };
}

/** Up to the card that asks for a decision, which is Ana's. */
export async function inReview(front: Front) {
  const idea = await inIdea(front);
  front.approvers = [`slack:${idea.ana.id}`];
  await idea.ben.press(idea.slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
  await idea.settle();
  const [task] = await front.tools.unitOfWork.tables.find('story_tasks', {});
  const taskId = task?.id ?? '';
  await passOn(front.tools.unitOfWork, createFakeLine({}).steps)(taskId);
  const card = () => idea.slack.find('ideas', 'Please decide on');
  // What Slack or the database did not take at once is tried again soon.
  await vi.waitFor(() => idea.settle().then(card), { timeout: 90_000, interval: 200 });
  const events = async (type: string) =>
    (await front.tools.unitOfWork.ledger.stream(`task:${taskId}`)).filter((event) => event.type === type);
  return { ...idea, taskId, card, events };
}

/** The desk shows this diff for every task: there is no repository behind the front. */
export function showsDiff(front: Front, diff: Partial<DiffView> | null): void {
  front.desk.diff = async (taskId) =>
    diff === null
      ? null
      : {
          taskId,
          title: 'Greet by name',
          baseSha: 'b'.repeat(40),
          headSha: 'a'.repeat(40),
          diffHash: 'd'.repeat(64),
          text: '+export const greet = 1;\n',
          truncated: false,
          lookAt: [],
          ...diff,
        };
}

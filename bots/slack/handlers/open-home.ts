import type { App } from '@slack/bolt';
import * as z from 'zod';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { wordsFor } from '#src/desk/cards/task-words.ts';
import { haltSentence } from '#src/desk/cards/halt-sentence.ts';
import type { ProjectSummary } from '#src/desk/desk.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { callFaultOf } from '../call-fault.ts';
import { drawHome } from '../home/draw-home.ts';
import type { HomeProject } from '../home/draw-home.ts';
import { linkOf } from '../links.ts';
import { actorOf, actorsIn } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';

const Opened = z.looseObject({ user: z.string(), tab: z.string() });

/** More would be a page that nobody reads; a channel and the room show the rest. */
const PROJECTS = 20;
const TASKS = 10;
const WAITING = 20;

/** The Home tab, drawn anew each time that somebody opens it: what waits for them first, then every project. */
export function openHome(app: App, tools: SlackTools): void {
  app.event('app_home_opened', async ({ event }) => {
    const { user, tab } = Opened.safeParse(event).data ?? { user: '', tab: '' };
    if (tab !== 'home') return;
    const { waiting, projects, halt } = await tools.desk.overview(actorOf(user));
    const shown = projects.toSorted((one, other) => Number(other.active) - Number(one.active)).slice(0, PROJECTS);
    const mine = waiting.filter(({ isMine }) => isMine);
    const others = waiting
      .filter(({ isMine }) => !isMine)
      .map(({ text, thread, whom }) => ({ text: `${text} · for ${whom.join(', ')}`, thread }));
    const home = {
      ...(halt === undefined ? {} : { halt: haltSentence(halt) }),
      mine: await linked(tools, mine.slice(0, WAITING)),
      moreMine: Math.max(0, mine.length - WAITING),
      others: await linked(tools, others.slice(0, WAITING)),
      moreOthers: Math.max(0, others.length - WAITING),
      projects: await Promise.all(shown.map((project) => homeOf(tools, project))),
      moreProjects: projects.length - shown.length,
      command: `/${tools.commandName('workbench')}`,
    };
    const context = await tools.contextFor(actorsIn(home));
    try {
      await tools.client.apiCall('views.publish', { user_id: user, view: drawHome(home, context) });
    } catch (error) {
      // The next time that it is opened it is drawn again.
      tools.log.warn({ surface: 'slack', fault: callFaultOf(error) }, 'a Home tab could not be drawn');
    }
  });
}

async function homeOf(tools: SlackTools, { id, name, repository }: ProjectSummary): Promise<HomeProject> {
  const project = await tools.desk.project(id);
  const open = (project?.tasks ?? []).filter(({ state }) => !hasEnded(state as TaskStatus));
  const tasks = open.slice(0, TASKS).map(({ taskId, number, title, state, paused, waitingText }) => ({
    text: `${number} · ${title} · ${paused ? 'paused' : (waitingText ?? wordsFor(state))}`,
    thread: { kind: 'task' as const, id: taskId },
  }));
  return {
    name,
    repository: repository?.path ?? null,
    tasks: await linked(tools, tasks),
    moreTasks: open.length - tasks.length,
  };
}

function linked(tools: SlackTools, items: readonly { text: string; thread: ThreadRef }[]) {
  return Promise.all(items.map(async ({ text, thread }) => ({ text, url: await linkOf(tools, thread) })));
}

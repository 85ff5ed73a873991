import { html } from 'hono/html';
import { pointsWords } from '#src/desk/cards/sprint-card.ts';
import { wentWrong, wordsForTask } from '#src/desk/cards/task-words.ts';
import type { ProjectView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { threadUrl } from '../urls.ts';
import { daysLeft, drawProgress } from './rail.ts';
import { inline } from './text.ts';
import { threadLink } from './thread-link.ts';
import { dayAndTime } from './time.ts';

export function drawIdeas(project: ProjectView): Html {
  if (project.ideas.length === 0) return nothing;
  return html`<section aria-label="Ideas"><h2>Ideas</h2><ul class="rows">${project.ideas.map(
    (idea) =>
      html`<li><a class="row" data-step href="${threadUrl({ kind: 'idea', id: idea.conversationId })}"><span class="row-text" dir="auto">${idea.title}</span> <span class="quiet">${idea.messageCount} ${idea.messageCount === 1 ? 'message' : 'messages'} · ${dayAndTime(idea.at)}</span></a></li>`,
  )}</ul></section>`;
}

type TaskState = Pick<ProjectView['tasks'][number], 'state' | 'waitingKind'>;

/** How the words of its state are coloured. */
export function stateTone({ state, waitingKind }: TaskState): 'good' | 'bad' | 'waiting' | 'plain' {
  if (state === 'merged') return 'good';
  if (wentWrong({ state, waitingKind })) return 'bad';
  return waitingKind === null ? 'plain' : 'waiting';
}

export function drawTasks(tasks: ProjectView['tasks'], title: string): Html {
  if (tasks.length === 0) return nothing;
  return html`<section aria-label="${title}"><h2>${title}</h2><ul class="rows">${tasks.map(
    (task) =>
      html`<li class="row" data-step><span class="number">${task.number}</span> <span class="row-text" dir="auto">${threadLink({ kind: 'task', id: task.taskId }, task.title)}</span> <span class="state ${stateTone(task)}">${wordsForTask(task)}</span>${
        task.waitingText === null
          ? nothing
          : html` <span class="row-waiting" dir="auto">${inline(task.waitingText)}</span>`
      }</li>`,
  )}</ul></section>`;
}

export function drawSprintLine(project: ProjectView): Html {
  const { sprint } = project;
  if (sprint === null) return nothing;
  return html`<section class="sprint-line" aria-label="Sprint ${sprint.number}"><h2>Sprint ${sprint.number}</h2><p dir="auto">${inline(sprint.goal)}</p>${drawProgress(sprint)}<p class="quiet">${pointsWords(sprint)} · ${daysLeft(sprint.daysLeft)}</p></section>`;
}

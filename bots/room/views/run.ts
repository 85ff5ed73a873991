import { html } from 'hono/html';
import { costWords } from '#src/desk/cards/cost-words.ts';
import { wordsForTask } from '#src/desk/cards/task-words.ts';
import type { RunView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { duration } from '../times.ts';
import { diffUrl, domId, threadUrl } from '../urls.ts';
import { drawBeats } from './beats.ts';
import { stateTone } from './lists.ts';
import type { Look } from './look.ts';
import { codeBlock } from './text.ts';
import { dayAndTime } from './time.ts';
import { agentMark } from './who.ts';

/** A run as a story: who did what, how long it took, what came out of it. */
export function drawRun(view: RunView, look: Look): Html {
  return html`<header class="page-head"><p class="crumb"><a href="${threadUrl({ kind: 'task', id: view.taskId })}">Back to the task</a> · <a href="${diffUrl(view.taskId)}">The diff</a></p>
    <h1 dir="auto">Run of task ${view.number} · ${view.title}</h1><p><span class="state ${stateTone(view)}">${wordsForTask(view)}</span> <span class="quiet">Cost: ${costWords(view.cost)}</span></p></header>
    ${drawBeats(view.beats, look)}
    <section aria-labelledby="steps-title"><h2 id="steps-title">Steps</h2>${view.steps.length === 0 ? html`<p class="quiet">No step has ended yet.</p>` : nothing}<ol class="run-steps">${view.steps.map(
      (step, index) =>
        html`<li data-step tabindex="-1"><div class="gutter">${agentMark(step.agent, look)}</div><div class="body"><p><b>${step.step}</b> <span class="quiet">${step.agent}${step.attempt > 1 ? `, attempt ${step.attempt}` : ''} · ${dayAndTime(step.startedAt)} · ${duration(step.durationMs)}</span></p><p dir="auto">${step.result}</p>${drawCost(step)}${
          step.artifact === null ? nothing : drawArtifact(step.artifact, domId('step', index))
        }</div></li>`,
    )}</ol></section>
    ${view.artifacts.length === 0 ? nothing : html`<section aria-labelledby="artifacts-title"><h2 id="artifacts-title">What came out</h2>${view.artifacts.map((artifact) => drawArtifact(artifact, artifactId(artifact.hash)))}</section>`}
    <section aria-labelledby="events-title"><h2 id="events-title">In the ledger</h2><details class="fold" id="run-events"><summary>${view.events.length === 1 ? 'One fact' : `${view.events.length} facts`}</summary>${drawEvents(view.events)}</details></section>`;
}

function artifactId(hash: string): string {
  return domId('artifact', hash.slice(0, 12));
}

/** A link to what is inside a fold opens it, without a script. */
function textId(id: string): string {
  return `${id}-text`;
}

/** What a step was given to think with, and what its thinking cost. */
function drawCost({ cost, pack }: RunView['steps'][number]): Html {
  if (cost === null && pack === null) return nothing;
  const calls = cost === null ? '' : `${cost.calls === 1 ? 'one call' : `${cost.calls} calls`}: ${costWords(cost)}`;
  const link = pack === null ? nothing : html`<a href="#${textId(artifactId(pack))}">What it was given</a>`;
  return html`<p class="quiet">${calls}${cost === null || pack === null ? '' : ' · '}${link}</p>`;
}

const KINDS: Readonly<Record<string, string>> = {
  'context-pack': 'What a persona was given: what went in, what was left out and why',
  steering: 'What a person said in the thread',
};

function drawArtifact(artifact: { kind: string; hash: string; text: string }, id: string): Html {
  return html`<details class="fold" id="${id}"><summary>${KINDS[artifact.kind] ?? artifact.kind} <code class="quiet">${artifact.hash.slice(0, 12)}</code></summary><div id="${textId(id)}" tabindex="-1">${codeBlock(artifact.text, null, null)}</div></details>`;
}

function drawEvents(events: readonly { seq: number; type: string; actor: string; at: string }[]): Html {
  return html`<ol class="events">${events.map((event) => html`<li><span class="seq">${event.seq}</span> <code>${event.type}</code> <span class="quiet" dir="auto">${event.actor} · ${dayAndTime(event.at)}</span></li>`)}</ol>`;
}

import { html } from 'hono/html';
import type { RunView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { duration } from '../times.ts';
import { diffUrl, domId, threadUrl } from '../urls.ts';
import { stateTone, stateWords } from './lists.ts';
import type { Look } from './look.ts';
import { codeBlock } from './text.ts';
import { dayAndTime } from './time.ts';
import { agentMark } from './who.ts';

/** A run as a story: who did what, how long it took, what came out of it. */
export function drawRun(view: RunView, look: Look): Html {
  return html`<header class="page-head"><p class="crumb"><a href="${threadUrl({ kind: 'task', id: view.taskId })}">Back to the task</a> · <a href="${diffUrl(view.taskId)}">The diff</a></p>
    <h1 dir="auto">Run of task ${view.number} · ${view.title}</h1><p><span class="state ${stateTone(view.state)}">${stateWords(view.state)}</span></p></header>
    <section aria-labelledby="steps-title"><h2 id="steps-title">Steps</h2>${view.steps.length === 0 ? html`<p class="quiet">No step has ended yet.</p>` : nothing}<ol class="run-steps">${view.steps.map(
      (step, index) =>
        html`<li data-step tabindex="-1"><div class="gutter">${agentMark(step.agent, look)}</div><div class="body"><p><b>${step.step}</b> <span class="quiet">${step.agent}${step.attempt > 1 ? `, attempt ${step.attempt}` : ''} · ${dayAndTime(step.startedAt)} · ${duration(step.durationMs)}</span></p><p dir="auto">${step.result}</p>${
          step.artifact === null ? nothing : drawArtifact(step.artifact, domId('step', index))
        }</div></li>`,
    )}</ol></section>
    ${view.artifacts.length === 0 ? nothing : html`<section aria-labelledby="artifacts-title"><h2 id="artifacts-title">What came out</h2>${view.artifacts.map((artifact, index) => drawArtifact(artifact, domId('artifact', index)))}</section>`}
    <section aria-labelledby="events-title"><h2 id="events-title">In the ledger</h2><details class="fold" id="run-events"><summary>${view.events.length === 1 ? 'One fact' : `${view.events.length} facts`}</summary>${drawEvents(view.events)}</details></section>`;
}

function drawArtifact(artifact: { kind: string; hash: string; text: string }, id: string): Html {
  return html`<details class="fold" id="${id}"><summary>${artifact.kind} <code class="quiet">${artifact.hash.slice(0, 12)}</code></summary>${codeBlock(artifact.text, null, null)}</details>`;
}

function drawEvents(events: readonly { seq: number; type: string; actor: string; at: string }[]): Html {
  return html`<ol class="events">${events.map((event) => html`<li><span class="seq">${event.seq}</span> <code>${event.type}</code> <span class="quiet" dir="auto">${event.actor} · ${dayAndTime(event.at)}</span></li>`)}</ol>`;
}

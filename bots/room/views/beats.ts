import { html } from 'hono/html';
import type { RunView } from '#src/desk/desk.ts';
import { nothing, type Html } from '../html.ts';
import { clockTime, duration } from '../times.ts';
import type { Look } from './look.ts';
import { agentMark } from './who.ts';

type Beat = RunView['beats'][number];

/** Width of the longest bar. */
const BAR = 120;

/** A run from its first fact to its last, to read down or to play with the slider. Without a script it is a list. */
export function drawBeats(beats: readonly Beat[], look: Look): Html {
  if (beats.length === 0) return nothing;
  const longestMs = Math.max(1, ...beats.map(({ workMs }) => workMs ?? 0));
  const last = beats.length - 1;
  return html`<section aria-labelledby="beats-title" data-play><h2 id="beats-title">How it went</h2>
    <p class="scrub" hidden><label for="beat">As of</label> <input type="range" id="beat" min="0" max="${last}" value="${last}" aria-describedby="beat-now"> <output id="beat-now" for="beat" aria-live="polite"></output></p>
    <ol class="beats">${beats.map((beat) => drawBeat(beat, longestMs, look))}</ol></section>`;
}

function drawBeat({ seq, at, who, text, says, workMs }: Beat, longestMs: number, look: Look): Html {
  return html`<li data-now="${clockTime(at)}: ${says}"><div class="gutter">${agentMark(who, look)}</div><span dir="auto"><b>${who}</b> ${text}</span><span class="took quiet">${drawBar(workMs, longestMs)}<time datetime="${at}">${clockTime(at)}</time> <span class="seq">${seq}</span></span></li>`;
}

/** How long a step worked, beside the longest of them. */
function drawBar(workMs: number | null, longestMs: number): Html {
  if (workMs === null) return nothing;
  const width = Math.max(1, Math.round((workMs / longestMs) * BAR));
  return html`<svg class="work-bar" width="${BAR}" height="6" role="img" aria-label="${duration(workMs)}"><title>${duration(workMs)}</title><rect width="${width}" height="6" rx="3"/></svg>`;
}
